package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.doors.Disk;
import io.backstay.ledger.LedgerEntry;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;

/// The fleet comes up: servers, agents, traffic.
final class Prologue implements Act {
    private static final String RESUMED = "resumed.";

    @Override
    public int number() {
        return 0;
    }

    @Override
    public String title() {
        return "The fleet";
    }

    @Override
    public void play(Stage stage) throws Exception {
        stage.step(
                "load %,d rows into each of %d clusters, copy each to two replicas"
                        .formatted(stage.options.rows(), stage.options.clusters()),
                () -> {
                    stage.fleet.build();
                    return "%d servers, %d empty hosts"
                            .formatted(
                                    stage.fleet.hosts().count() - stage.fleet.spares().size(),
                                    stage.fleet.spares().size());
                });
        ChangeFiles.copyOut(
                Disk.folder(stage.folders.changes()),
                stage.options.bugs().getFirst(),
                stage.options.clusters());
        stage.step(
                "start an agent on each host, and traffic on each cluster",
                () -> {
                    stage.startAgents(stage.fleet, KeyRing.APPROVERS.size());
                    stage.startTraffic();
                    return "";
                });
    }

    /// Whether its server is down because a step of a change wants it so.
    private static boolean isInAStep(EmbeddedHost host) {
        return Stage.isOutOfService(host) || host.database().folders().isMarkedNew();
    }

    /// Takes the fleet over as a stopped drill left it. Servers that are down are started again on
    /// what they have, closed to writers; only the member that the controller's chain names as the
    /// source is opened. While a switchover is cut short that is nobody: it is settled later.
    void resume(Stage stage) throws Exception {
        stage.talk().act(0, "The fleet, as the earlier drill left it");
        stage.record.note(
                RESUMED + stage.record.notes().keySet().stream().filter(Prologue::isResume).count(),
                stage.time.now().toString());
        for (EmbeddedHost host : stage.fleet.hosts().toList()) {
            String version = host.server().versionOf(host.database().folders().data());
            if (!version.isEmpty() && !host.server().isRunning() && !isInAStep(host)) {
                host.server().start(version);
            }
        }
        List<LedgerEntry> told = stage.room.ledger().entries();
        for (EmbeddedCluster cluster : stage.fleet.clusters()) {
            NamedSource.of(told, cluster)
                    .map(cluster::member)
                    .filter(source -> source.server().isRunning() && !isInAStep(source))
                    .ifPresent(
                            source -> {
                                source.open();
                                cluster.pointTo(source);
                            });
        }
        stage.startAgents(stage.fleet, KeyRing.APPROVERS.size());
        stage.startTraffic();
        for (EmbeddedCluster cluster : stage.fleet.clusters()) {
            // as above: the stream begins again when the switchover is settled
            if (stage.hasSource(cluster)
                    && Files.exists(cluster.archive().resolve("manifest.json"))) {
                stage.archives.stream(cluster, stage.source(stage.fleet, cluster.name()));
            }
        }
    }

    /// When this drill was gone on with after a stop, in order: clients wrote nothing just before.
    static List<Instant> resumedAt(Stage stage) {
        return stage.record.notes().entrySet().stream()
                .filter(note -> isResume(note.getKey()))
                .map(note -> Instant.parse(note.getValue()))
                .sorted()
                .toList();
    }

    private static boolean isResume(String note) {
        return note.startsWith(RESUMED);
    }
}
