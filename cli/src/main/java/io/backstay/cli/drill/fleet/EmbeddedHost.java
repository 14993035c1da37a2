package io.backstay.cli.drill.fleet;

import io.backstay.lab.Accounts;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import io.backstay.mysql.Server;
import io.backstay.node.host.Account;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.HostFolders;
import io.backstay.node.host.LabServerControl;
import io.backstay.node.host.Member;
import java.nio.file.Path;
import java.util.List;

/// One host of the embedded fleet: its place, its server, what its agent is told of its cluster.
public final class EmbeddedHost {
    private final Place place;
    private final LabServerControl control;
    private final DatabaseHost database;

    /// @param cluster empty for a spare host
    /// @param serverId unique in its fleet
    public record Place(
            String name,
            String cluster,
            Path folder,
            Path agentFolder,
            String address,
            int port,
            int serverId) {

        public Member asMember() {
            return new Member(name, address, port);
        }
    }

    /// @param others the other members of its cluster
    public EmbeddedHost(
            Place place,
            List<Place> others,
            Path archive,
            Accounts accounts,
            RunFile runFile,
            String version) {
        this.place = place;
        var folders = new HostFolders(place.folder());
        this.control =
                new LabServerControl(
                        ServerSettings.of(
                                        ServerBinaries.require(version, ServerBinaries.home()),
                                        folders.data(),
                                        folders.run(),
                                        place.address(),
                                        place.serverId(),
                                        accounts)
                                .withPort(place.port())
                                // who is the source is opened by name, never by a start
                                .withOptions("--read-only=1"),
                        runFile);
        this.database =
                new DatabaseHost(
                        place.name(),
                        place.cluster(),
                        place.address(),
                        place.port(),
                        folders,
                        place.agentFolder(),
                        control,
                        others.stream().map(Place::asMember).toList(),
                        new Account(Accounts.REPL, accounts.replPassword()),
                        archive);
    }

    public String name() {
        return place.name();
    }

    public Place place() {
        return place;
    }

    public LabServerControl server() {
        return control;
    }

    public DatabaseHost database() {
        return database;
    }

    /// Lets its server take writes: every start closes it.
    public void open() {
        try (Server session = control.connect()) {
            session.execute("SET GLOBAL read_only=0");
        }
    }

    public boolean isSpare() {
        return place.cluster().isEmpty();
    }

    /// `mysql://USER@ADDRESS:PORT` for people.
    public String url(String user) {
        return "mysql://" + user + "@" + place.address() + ":" + place.port();
    }
}
