package io.backstay.cli.faults;

import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The real servers of the drills, each on a loopback address of its own. One is kept from drill to
/// drill as long as it is whole.
final class DrillServers implements AutoCloseable {
    private final Path folder;
    private final ServerBinaries binaries;
    private final Accounts accounts = Accounts.random();
    private final RunFile runFile;
    private final List<LabServer> all = new ArrayList<>();
    private Optional<LabServer> live = Optional.empty();
    private int generation;

    /// @param home where fetched servers are
    DrillServers(Path folder, Path home) {
        this.folder = folder;
        this.binaries = ServerBinaries.require("10.11.5", home);
        this.runFile = RunFile.open(folder.resolve("run.json"));
    }

    Accounts accounts() {
        return accounts;
    }

    ServerBinaries binaries() {
        return binaries;
    }

    /// A new server, started. Its address is free again when it has been discarded.
    LabServer fresh(int host) {
        generation++;
        Path root = folder.resolve("server-" + generation);
        var server =
                new LabServer(
                        ServerSettings.of(
                                binaries,
                                Disk.folder(root).resolve("data"),
                                root.resolve("run"),
                                "127.77.240." + host,
                                7720 + host,
                                accounts),
                        runFile);
        all.add(server);
        return server.initialise().start();
    }

    /// The live server with some rows, started if need be.
    LabServer live() {
        if (live.isEmpty()) {
            LabServer server = fresh(1);
            live = Optional.of(server);
            run(
                    server,
                    "CREATE DATABASE shop",
                    "CREATE TABLE shop.orders (id INT PRIMARY KEY)",
                    "INSERT INTO shop.orders VALUES (1), (2), (3)",
                    "CREATE USER looker@localhost IDENTIFIED BY ''");
        } else if (!live.get().isRunning()) {
            live.get().start();
        }
        return live.get();
    }

    Optional<LabServer> findLive() {
        return live;
    }

    void run(LabServer server, String... statements) {
        try (Connection session = server.connect();
                Statement statement = session.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "a drill's own server at %s does not do it: %s"
                            .formatted(server.settings().endpoint(), e.getMessage()),
                    e);
        }
    }

    /// Ends all; the next drill gets new ones.
    void discard() {
        live = Optional.empty();
        for (LabServer server : List.copyOf(all)) {
            if (server.isRunning()) {
                server.kill();
            }
            all.remove(server);
        }
    }

    @Override
    public void close() {
        try {
            discard();
        } finally {
            runFile.sweep();
            runFile.close();
        }
    }
}
