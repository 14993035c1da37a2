package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.lab.TableChecksums;
import io.backstay.mysql.Server;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.replay.OneSessionReplay;
import io.backstay.recovery.replay.ReplayResult;
import io.backstay.recovery.restore.RestoreResult;
import java.time.Duration;

/// The same base and log restored in two ways, in one run on one machine: merged into one load, and
/// replayed event by event.
///
/// The log's part of the merged way is what it takes beyond the base alone, but at least the time
/// of the fold itself.
final class RestoreComparison {
    private static final double LOG_RATIO_MIN = 5;
    private static final double WHOLE_RATIO_MIN = 3;

    private final Stage stage;
    private final EmbeddedCluster cluster;
    private final String version;
    private Duration merged = Duration.ZERO;
    private Duration fold = Duration.ZERO;
    private Duration base = Duration.ZERO;
    private Duration replay = Duration.ZERO;
    private long rowEvents;
    private boolean isEqual;
    private boolean isStandardTool;
    private String how = "";

    RestoreComparison(Stage stage, EmbeddedCluster cluster, String version) {
        this.stage = stage;
        this.cluster = cluster;
        this.version = version;
    }

    void merged(RestoreResult result) {
        merged = result.took();
        rowEvents = result.rowEvents();
        fold = result.phases().getOrDefault("fold", Duration.ZERO);
    }

    /// @param restored checksums of the server that was restored by the merged way
    String replay(TableChecksums restored) throws Exception {
        try (ScratchServer scratch = ScratchServer.start(stage, 2, version)) {
            base = stage.archives.restoreBase(cluster, scratch.address()).took();
            try (Server session = scratch.connect()) {
                session.execute("SET GLOBAL read_only=0");
                ReplayResult result =
                        OneSessionReplay.run(Archive.open(cluster.archive()), scratch.address());
                replay = result.took();
                isStandardTool = result.isStandardTool();
                how = result.how();
                var differences = restored.differences(TableChecksums.of(session.connection()));
                isEqual = differences.isEmpty();
                return "base %.1f s, replay by %s %.1f s, checksums %s"
                        .formatted(
                                base.toMillis() / 1e3,
                                how,
                                replay.toMillis() / 1e3,
                                isEqual ? "equal" : "DIFFER in " + differences);
            }
        }
    }

    void claim() {
        Duration log = merged.minus(base);
        if (log.compareTo(fold) < 0) {
            log = fold;
        }
        double logRatio = replay.toMillis() / (double) Math.max(1, log.toMillis());
        double wholeRatio = base.plus(replay).toMillis() / (double) Math.max(1, merged.toMillis());
        stage.record.note(RestoreNotes.BASE, Long.toString(base.toMillis()));
        stage.record.note(RestoreNotes.MERGED, Long.toString(merged.toMillis()));
        stage.record.note(RestoreNotes.REPLAY, Long.toString(replay.toMillis()));
        stage.record.note(RestoreNotes.TOOL, how);
        stage.record.note(RestoreNotes.ROW_EVENTS, Long.toString(rowEvents));
        stage.record.note(
                RestoreNotes.SAYS,
                "log part %.1f times, base and log %.1f times\nchecksums of all tables %s"
                        .formatted(logRatio, wholeRatio, isEqual ? "equal" : "differ"));
        stage.claims.check(
                4,
                "restores-equal",
                "merged restore and replay of the same %,d row events end with equal checksums"
                        .formatted(rowEvents),
                isEqual ? "equal" : "different",
                "",
                isEqual && rowEvents >= stage.options.rowEvents());
        ratio(
                "restore-log-ratio",
                "the log part of the restore, against " + how,
                logRatio,
                LOG_RATIO_MIN);
        ratio(
                "restore-ratio",
                "base and log together, against " + how,
                wholeRatio,
                WHOLE_RATIO_MIN);
    }

    /// A ratio is a claim only against the standard tool itself, on the full log.
    private void ratio(String id, String claim, double measured, double min) {
        String text = "%.1f".formatted(measured);
        if (!isStandardTool) {
            stage.claims.notCovered(
                    4, id, claim, text + " times; mariadb-binlog is not on the PATH");
        } else if (rowEvents < 300_000) {
            stage.claims.notCovered(
                    4, id, claim, text + " times; claimed for 300,000 row events and more");
        } else {
            stage.claims.check(
                    4,
                    id,
                    claim + ", at least %.0f".formatted(min),
                    text,
                    "times",
                    measured >= min);
        }
    }
}
