package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.doors.Disk;
import io.backstay.mysql.Server;
import java.nio.file.Files;

/// The fleet comes up: servers, agents, traffic.
final class Prologue implements Act {

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

    /// Takes the fleet over as a killed drill left it; servers that are down are started again on
    /// what they have.
    void resume(Stage stage) throws Exception {
        stage.talk().act(0, "The fleet, as the earlier drill left it");
        for (EmbeddedHost host : stage.fleet.hosts().toList()) {
            String version = host.server().versionOf(host.database().folders().data());
            if (!version.isEmpty() && !host.server().isRunning() && !isInAStep(host)) {
                host.server().start(version);
            }
        }
        stage.startAgents(stage.fleet, KeyRing.APPROVERS.size());
        stage.fleet
                .clusters()
                .forEach(
                        cluster -> {
                            var sources =
                                    cluster.members().stream()
                                            .filter(member -> member.server().isRunning())
                                            .filter(member -> !Stage.isOutOfService(member))
                                            .filter(
                                                    member -> {
                                                        try (Server session =
                                                                member.server().connect()) {
                                                            return session.requireValue(
                                                                            "SELECT @@read_only")
                                                                    .equals("0");
                                                        }
                                                    })
                                            .toList();
                            // none: a switchover was cut short; the address waits until it is
                            // undone or ended
                            if (sources.size() == 1) {
                                cluster.pointTo(sources.getFirst());
                            }
                        });
        stage.startTraffic();
        for (EmbeddedCluster cluster : stage.fleet.clusters()) {
            // as above: the stream begins again when the switchover is settled
            if (stage.hasSource(cluster)
                    && Files.exists(cluster.archive().resolve("manifest.json"))) {
                stage.archives.stream(cluster, stage.source(stage.fleet, cluster.name()));
            }
        }
    }
}
