package io.backstay.cli.drill.fleet;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.Accounts;
import io.backstay.lab.MockData;
import io.backstay.lab.RunFile;
import io.backstay.lab.SwitchableAddress;
import io.backstay.mysql.Server;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A fleet of real servers on this machine: clusters of one source and two replicas, and hosts that
/// are truly empty.
///
/// Closing it ends its addresses, not its servers: those are stopped by [#stopServers].
public final class EmbeddedFleet implements AutoCloseable {
    private final FleetShape shape;
    private final Consumer<Server> prepare;
    private final List<EmbeddedCluster> clusters = new ArrayList<>();
    private final List<EmbeddedHost> spares = new ArrayList<>();

    /// Takes over what runs already; starts nothing.
    ///
    /// @param agents folder of the agents' state
    /// @param archives folder of the archives
    /// @param prepare run once on each new source, after its mock data
    public EmbeddedFleet(
            FleetShape shape,
            Path agents,
            Path archives,
            Accounts accounts,
            RunFile runFile,
            Consumer<Server> prepare) {
        this.shape = shape;
        this.prepare = prepare;
        for (int c = 1; c <= shape.clusters(); c++) {
            int number = c;
            String name = shape.cluster(c);
            List<EmbeddedHost.Place> places =
                    IntStream.rangeClosed(1, FleetShape.MEMBERS)
                            .mapToObj(
                                    m ->
                                            place(
                                                    shape.member(number, m),
                                                    name,
                                                    shape.address(number, m),
                                                    number * 10 + m,
                                                    agents))
                            .toList();
            Path archive = archives.resolve(name);
            List<EmbeddedHost> members =
                    places.stream()
                            .map(
                                    place ->
                                            new EmbeddedHost(
                                                    place,
                                                    places.stream()
                                                            .filter(other -> !other.equals(place))
                                                            .toList(),
                                                    archive,
                                                    accounts,
                                                    runFile,
                                                    shape.version()))
                            .toList();
            clusters.add(
                    new EmbeddedCluster(
                            name,
                            members,
                            shape.door(c),
                            SwitchableAddress.open(shape.door(c), shape.port()),
                            archive,
                            accounts));
        }
        for (int s = 1; s <= shape.spares(); s++) {
            EmbeddedHost.Place place =
                    place(shape.spare(s), "", shape.spareAddress(s), 200 + s, agents);
            Disk.folder(place.folder().resolve("data"));
            spares.add(
                    new EmbeddedHost(
                            place,
                            List.of(),
                            archives.resolve("none"),
                            accounts,
                            runFile,
                            shape.version()));
        }
    }

    private EmbeddedHost.Place place(
            String name, String cluster, String address, int serverId, Path agents) {
        return new EmbeddedHost.Place(
                name,
                cluster,
                Disk.folder(shape.folder().resolve(name)),
                Disk.folder(agents.resolve(name)),
                address,
                shape.port(),
                serverId);
    }

    /// Loads mock data into each cluster's first member, copies it to the others, and lets them
    /// follow.
    public void build() {
        for (EmbeddedCluster cluster : clusters) {
            List<EmbeddedHost> members = cluster.members();
            EmbeddedHost source = members.getFirst();
            long seed = shape.seed() * 31 + clusters.indexOf(cluster);
            ClusterBuilder.build(
                    source,
                    members.subList(1, members.size()),
                    shape.version(),
                    host -> load(host, seed));
            cluster.pointTo(source);
        }
    }

    /// Copies one member cold to others and lets them follow it.
    public void rebuildFrom(EmbeddedHost source, List<EmbeddedHost> replicas, String version) {
        ClusterBuilder.copyToReplicas(source, replicas, version);
    }

    private void load(EmbeddedHost host, long seed) {
        try (Server session = host.server().connect()) {
            new MockData(seed, shape.rows()).load(session.connection());
            prepare.accept(session);
        } catch (SQLException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot load mock data into %s: %s".formatted(host.name(), e.getMessage()),
                    "the server's log is in %s.".formatted(host.database().folders().run()),
                    e);
        }
    }

    public FleetShape shape() {
        return shape;
    }

    public List<EmbeddedCluster> clusters() {
        return List.copyOf(clusters);
    }

    public List<EmbeddedHost> spares() {
        return List.copyOf(spares);
    }

    /// Members of all clusters, then spares.
    public Stream<EmbeddedHost> hosts() {
        return Stream.concat(
                clusters.stream().flatMap(cluster -> cluster.members().stream()), spares.stream());
    }

    public EmbeddedHost host(String name) {
        return hosts().filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("no host " + name + " in this fleet"));
    }

    public EmbeddedCluster cluster(String name) {
        return clusters.stream()
                .filter(cluster -> cluster.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no cluster " + name + " in this fleet"));
    }

    public void stopServers() {
        hosts().forEach(host -> host.server().stop());
    }

    @Override
    public void close() {
        clusters.forEach(cluster -> cluster.door().close());
    }
}
