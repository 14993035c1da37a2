package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedFleet;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.doors.Disk;
import io.backstay.mysql.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A production-like copy of one cluster and one spare host: same versions, settings and topology,
/// a tenth of the rows.
final class Twin implements AutoCloseable {
    static final String PREFIX = "twin-";
    private static final int SCALE = 10;

    private final Stage stage;
    private final EmbeddedFleet fleet;

    private Twin(Stage stage, EmbeddedFleet fleet) {
        this.stage = stage;
        this.fleet = fleet;
    }

    /// Its agents run, its servers do not yet: see [#rebuild].
    static Twin open(Stage stage) {
        Path folder = stage.folders.root().resolve("twin");
        var twin =
                new Twin(
                        stage,
                        stage.newFleet(
                                PREFIX,
                                Stage.TWIN_SUBNET,
                                1,
                                1,
                                Math.max(1000, stage.options.rows() / SCALE),
                                folder.getFileName().toString()));
        stage.startAgents(twin.fleet, 0);
        return twin;
    }

    /// As it was before anything was tried on it.
    void rebuild() {
        fleet.hosts()
                .forEach(
                        host -> {
                            host.server().kill();
                            wipe(host.place().folder());
                            for (String left : List.of("restored", "restoring", "out-of-service")) {
                                wipe(host.place().agentFolder().resolve(left));
                            }
                            if (host.isSpare()) {
                                Disk.folder(host.database().folders().data());
                            }
                        });
        fleet.clusters().forEach(cluster -> Disk.deleteTree(cluster.archive()));
        fleet.build();
    }

    /// Makes the empty host empty again.
    void rebuildSpare() {
        wipe(spare().database().folders().data());
    }

    EmbeddedFleet fleet() {
        return fleet;
    }

    EmbeddedCluster cluster() {
        return fleet.clusters().getFirst();
    }

    EmbeddedHost spare() {
        return fleet.spares().getFirst();
    }

    /// A live host's or cluster's twin.
    String twinOf(String liveName) {
        return liveName.startsWith("s")
                ? spare().name()
                : PREFIX + "c1" + liveName.replaceFirst("^c[0-9]+", "");
    }

    /// Rows of all user tables on one member.
    long rows(EmbeddedHost member) {
        try (Server session = member.server().connect()) {
            return session
                    .rows(
                            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'shop' AND table_type = 'BASE TABLE'")
                    .stream()
                    .mapToLong(
                            table ->
                                    Long.parseLong(
                                            session.requireValue(
                                                    "SELECT COUNT(*) FROM shop."
                                                            + io.backstay.mysql.Identifier.quote(
                                                                    table.require("name")))))
                    .sum();
        }
    }

    private static void wipe(Path path) {
        if (!Files.isDirectory(path)) {
            Disk.deleteTree(path);
            return;
        }
        try (Stream<Path> entries = Files.list(path)) {
            entries.forEach(Disk::deleteTree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        fleet.hosts()
                .forEach(
                        host -> {
                            stage.room.stopAgent(host.name());
                            host.server().kill();
                        });
        fleet.close();
        Disk.deleteTree(stage.folders.root().resolve("twin"));
    }
}
