package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.recovery.backup.BackupResult;
import io.backstay.recovery.restore.RestoreResult;
import java.time.Duration;

/// Before: a fleet with traffic, a base of each cluster in an archive, the log streamed after it,
/// and one restore that was run and timed.
final class ActOne implements Act {
    /// Note: milliseconds of the restore that back-out plans are held against.
    static final String RESTORE_MILLIS = "restore.millis";

    @Override
    public int number() {
        return 1;
    }

    @Override
    public String title() {
        return "Before: back up, stream, and restore once";
    }

    @Override
    public void play(Stage stage) throws Exception {
        for (EmbeddedCluster cluster : stage.fleet.clusters()) {
            stage.step(
                    "back up " + cluster.name() + " from a replica",
                    () -> {
                        BackupResult result =
                                stage.archives.backUp(cluster, cluster.members().getLast());
                        return "%,d rows in %d tables, %.1f MB, %.1f s"
                                .formatted(
                                        result.base().rows(),
                                        result.base().tables(),
                                        result.base().bytes() / 1e6,
                                        result.took().toMillis() / 1e3);
                    });
            stage.step(
                    "stream the binary log of " + cluster.name(),
                    () -> {
                        stage.archives.stream(cluster, stage.source(stage.fleet, cluster.name()));
                        Duration took =
                                stage.archives.awaitCaughtUp(
                                        cluster,
                                        stage.source(stage.fleet, cluster.name()),
                                        Duration.ofSeconds(30));
                        return "the archive reached the source's end in %.1f s"
                                .formatted(took.toMillis() / 1e3);
                    });
        }
        EmbeddedCluster first = stage.fleet.clusters().getFirst();
        stage.step(
                "restore " + first.name() + " to a scratch server",
                () -> {
                    try (ScratchServer scratch = ScratchServer.start(stage, 1, Stage.OLD)) {
                        RestoreResult result = stage.archives.restore(first, scratch.address());
                        stage.record.note(RESTORE_MILLIS, Long.toString(result.took().toMillis()));
                        stage.claims.check(
                                1,
                                "restore-proven",
                                "a restore of "
                                        + first.name()
                                        + " was run, and its content proven table by table",
                                "%.1f".formatted(result.took().toMillis() / 1e3),
                                "s",
                                result.isProven());
                        return "%,d rows and %,d row events in %.1f s, proven"
                                .formatted(
                                        result.rows(),
                                        result.rowEvents(),
                                        result.took().toMillis() / 1e3);
                    }
                });
    }
}
