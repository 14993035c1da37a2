package io.backstay.cli.drill;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.Burst;
import io.backstay.lab.Sessions;
import io.backstay.lab.TableChecksums;
import io.backstay.lab.Traffic;
import io.backstay.mysql.Server;
import io.backstay.recovery.restore.RestoreResult;
import java.time.Duration;
import java.util.List;

/// The unthinkable: all three members of one cluster are killed and their data removed, behind
/// Backstay's back.
///
/// The cluster comes back from its archive. Beside it the same base and log are replayed as the
/// standard tool does.
final class ActFour implements Act {
    private static final String BEGUN = "act-4.begun";

    @Override
    public int number() {
        return 4;
    }

    @Override
    public String title() {
        return "The unthinkable: all members of one cluster are gone";
    }

    @Override
    public void play(Stage stage) throws Exception {
        requireNotBegun(stage);
        EmbeddedCluster cluster = stage.fleet.clusters().getLast();
        String version =
                cluster.members()
                        .getFirst()
                        .server()
                        .versionOf(cluster.members().getFirst().database().folders().data());
        Traffic traffic = stage.traffic(cluster.name());

        stage.step(
                "write %,d row events to %s".formatted(stage.options.rowEvents(), cluster.name()),
                () -> {
                    Burst.Counts counts =
                            new Burst(stage.options.rowEvents(), 3, 4, stage.options.seed())
                                    .run(
                                            () ->
                                                    Sessions.open(
                                                            stage.source(
                                                                            stage.fleet,
                                                                            cluster.name())
                                                                    .place()
                                                                    .address(),
                                                            stage.options.port(),
                                                            "root",
                                                            stage.secrets
                                                                    .accounts()
                                                                    .rootPassword()));
                    stage.archives.awaitCaughtUp(
                            cluster,
                            stage.source(stage.fleet, cluster.name()),
                            Duration.ofMinutes(2));
                    return "%,d transactions in %.1f s; the archive has them all"
                            .formatted(counts.transactions(), counts.took().toMillis() / 1e3);
                });
        stage.step(
                "kill all members of " + cluster.name() + " and remove their data",
                () -> {
                    for (EmbeddedHost member : cluster.members()) {
                        member.server().kill();
                        Disk.deleteTree(member.database().folders().data());
                    }
                    cluster.door().cut();
                    return "three servers gone";
                });
        stage.step(
                "let the agents of %s say what is left".formatted(cluster.name()),
                () -> {
                    List<String> unexplained = new LostServers(stage, cluster).write();
                    stage.claims.check(
                            4,
                            "loss-without-a-change",
                            "servers seen lost by their own agents while no ledger has a change that explains it: as an intrusion would appear",
                            "%d of %d".formatted(unexplained.size(), cluster.members().size()),
                            "servers",
                            unexplained.size() == cluster.members().size());
                    return String.join(", ", unexplained) + ": gone, and no change did it";
                });
        MariaDbGtidState end = stage.archives.stop(cluster).orElseThrow();
        traffic.pause();
        var comparison = new RestoreComparison(stage, cluster, version);
        EmbeddedHost first = cluster.members().getFirst();

        stage.step(
                "restore " + cluster.name() + " from the archive to a fresh server",
                () -> {
                    first.server().initialise(version);
                    first.server().start(version);
                    RestoreResult result =
                            stage.archives.restore(cluster, first.server().address());
                    comparison.merged(result);
                    return "%,d rows, %,d row events merged in, %.1f s, proven"
                            .formatted(
                                    result.rows(),
                                    result.rowEvents(),
                                    result.took().toMillis() / 1e3);
                });
        stage.step(
                "count lost writes",
                () -> {
                    try (Server session = first.server().connect()) {
                        LostWrites lost =
                                LostWrites.count(
                                        traffic.acknowledged(), traffic.unknown(), end, session);
                        lost.writeTo(stage, cluster.name(), end);
                        return lost.toString();
                    }
                });
        stage.step(
                "replay base and log event by event, as the standard tool does",
                () -> comparison.replay(TableChecksums.of(first.server().connect().connection())));
        stage.step(
                "copy the restored server to two more, attach replication",
                () -> {
                    List<EmbeddedHost> others =
                            cluster.members().subList(1, cluster.members().size());
                    stage.fleet.rebuildFrom(first, others, version);
                    cluster.pointTo(first);
                    traffic.resume();
                    traffic.awaitCommits(20, Duration.ofSeconds(30));
                    stage.archives.stream(cluster, first);
                    return "replicas follow, clients write again";
                });
        comparison.claim();
    }

    /// What it kills and removes is gone for good: it can't be begun a second time on what is left.
    private static void requireNotBegun(Stage stage) {
        if (stage.record.findNote(BEGUN).isPresent()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "act 4 was stopped in its middle, at %s, and cannot be gone on with"
                            .formatted(stage.record.findNote(BEGUN).orElseThrow()),
                    "play it anew: the same command without --resume.");
        }
        stage.record.note(BEGUN, stage.time.now().toString());
    }
}
