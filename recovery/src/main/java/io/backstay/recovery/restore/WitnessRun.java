package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.Server;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.TableLane;
import io.backstay.recovery.proof.Witness;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The witness at work beside the load, on the end of the log.
final class WitnessRun {
    /// The standard tool decodes tens of megabytes a second: this much is heard without holding the
    /// restore up.
    private static final long STRETCH_BYTES = 32 << 20;

    private final @Nullable Witness witness;
    private final List<Table> tables;
    private final long seed = ThreadLocalRandom.current().nextLong();
    private final String reason;
    private @Nullable Thread thread;
    private volatile @Nullable RuntimeException failure;

    private WitnessRun(@Nullable Witness witness, List<Table> tables, String reason) {
        this.witness = witness;
        this.tables = tables;
        this.reason = reason;
    }

    static WitnessRun start(
            Optional<Witness> witness, RestorePlan plan, Archive archive, FoldedLog log) {
        if (plan.segments().isEmpty()) {
            return new WitnessRun(null, List.of(), "no log was restored");
        }
        if (!(FoldStart.all(plan.whole()) instanceof MariaDbGtidState base
                && log.end() instanceof MariaDbGtidState end)) {
            return new WitnessRun(
                    null, List.of(), "the log is of MySQL, and the witness reads MariaDB's only");
        }
        if (witness.isEmpty()) {
            return new WitnessRun(
                    null, List.of(), "mariadb-binlog is not on the PATH or not wanted");
        }
        List<Table> changed =
                plan.document().tables().stream()
                        .filter(t -> log.find(t).isPresent() && isFolded(log, t))
                        .toList();
        var run = new WitnessRun(witness.get(), changed, "");
        var stretch = new ArrayList<Path>();
        long bytes = 0;
        int first = plan.segments().size();
        while (first > 0 && bytes < STRETCH_BYTES) {
            SegmentEntry segment = plan.segments().get(--first);
            stretch.addFirst(archive.resolve(segment.part()));
            bytes += segment.part().lengthBytes();
        }
        long passedOver = bytes - STRETCH_BYTES;
        Path oldest = stretch.getFirst();
        run.thread =
                Thread.ofPlatform()
                        .name("witness")
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        witness.get()
                                                .read(
                                                        changed,
                                                        stretch,
                                                        transactionAt(oldest, passedOver),
                                                        base,
                                                        end,
                                                        run.seed);
                                    } catch (RuntimeException e) {
                                        run.failure = e;
                                    }
                                });
        return run;
    }

    private static long transactionAt(Path segment, long offset) {
        try (BinlogFile file = BinlogFile.open(segment)) {
            return transactionAt(file.bytes(), offset);
        }
    }

    /// Where the first transaction at or behind this offset begins, else the last one before it.
    static long transactionAt(MemorySegment segment, long offset) {
        var reader = BinlogReader.ofChecked(segment, "the witnessed segment");
        long found = 0;
        while (found < offset && reader.next()) {
            if (reader.findType().equals(Optional.of(EventType.GTID))) {
                found = reader.offset();
            }
        }
        return found;
    }

    /// Of an ordered table the end of the log is executed when the witness has spoken.
    private static boolean isFolded(FoldedLog log, Table table) {
        return log.lane(table.definition().name())
                .filter(lane -> lane instanceof TableLane.Folded)
                .isPresent();
    }

    Witness.Report compare(Server server) {
        Witness there = witness;
        Thread reading = thread;
        if (there == null || reading == null) {
            return Witness.Report.none(reason);
        }
        try {
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Witness.Report.none("the witness was interrupted");
        }
        RuntimeException failed = failure;
        if (failed != null) {
            return Witness.Report.none("the witness failed: " + failed.getMessage());
        }
        return there.compare(server, tables, names(), seed);
    }

    private Map<String, io.backstay.mysql.TableName> names() {
        var names = new HashMap<String, io.backstay.mysql.TableName>();
        tables.forEach(
                table ->
                        names.put(
                                table.qualifiedName(),
                                new io.backstay.mysql.TableName(table.schema(), table.name())));
        return names;
    }
}
