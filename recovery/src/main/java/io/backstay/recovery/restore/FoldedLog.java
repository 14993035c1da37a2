package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldSummary;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.fold.LogFold;
import io.backstay.recovery.fold.LogStretch;
import io.backstay.recovery.fold.OrderedLog;
import io.backstay.recovery.fold.TableLane;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The log of a plan, folded in place: its segments stay mapped until [#close].
final class FoldedLog implements AutoCloseable {
    private final List<BinlogFile> files;
    private final Fold fold;
    private final GtidSet end;
    private final RestorePlan plan;

    private FoldedLog(List<BinlogFile> files, Fold fold, GtidSet end, RestorePlan plan) {
        this.files = files;
        this.fold = fold;
        this.end = end;
        this.plan = plan;
    }

    /// Errors: damage in a segment, found before anything of it is used; what the plan needs and
    /// cannot have exactly.
    static FoldedLog of(Archive archive, RestorePlan plan) {
        FoldedLog log = read(archive, plan, false);
        try {
            Refusals.require(plan, log.fold);
            return log;
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /// Its lanes alone.
    static FoldedLog survey(Archive archive, RestorePlan plan) {
        return read(archive, plan, true);
    }

    private static FoldedLog read(Archive archive, RestorePlan plan, boolean isSurvey) {
        var files = new ArrayList<BinlogFile>();
        try {
            var stretches = new ArrayList<LogStretch>();
            for (SegmentEntry segment : plan.segments()) {
                BinlogFile file = BinlogFile.open(archive.requireWhole(segment.part()));
                files.add(file);
                stretches.add(new LogStretch(segment.file(), file.bytes()));
            }
            // of MySQL there is a base alone so far: events of its log are refused by the fold
            Fold fold = LogFold.run(FoldStart.at(plan.whole(), plan.stop(), isSurvey), stretches);
            GtidSet start = FoldStart.all(plan.whole());
            GtidSet end = start instanceof MySqlGtidSet ? start : fold.summary().end();
            return new FoldedLog(files, fold, end, plan);
        } catch (RuntimeException e) {
            files.forEach(BinlogFile::close);
            throw e;
        }
    }

    Optional<FoldedTable> find(Table table) {
        return fold.find(table.definition().name());
    }

    /// The segments' bytes, in their order; valid until [#close].
    List<MemorySegment> bytes() {
        return files.stream().map(BinlogFile::bytes).toList();
    }

    /// The lane of a table; empty if the log does not touch it.
    Optional<TableLane> lane(TableName table) {
        return Optional.ofNullable(fold.lanes().get(table));
    }

    /// What is to be executed; nothing for a part, of which no table is ordered.
    OrderedLog ordered() {
        return plan.selection().isAll() ? fold.ordered() : OrderedLog.none();
    }

    Fold fold() {
        return fold;
    }

    /// The state of a server that has the base and all of this.
    GtidSet end() {
        return end;
    }

    FoldSummary summary() {
        return fold.summary();
    }

    @Override
    public void close() {
        files.forEach(BinlogFile::close);
    }
}
