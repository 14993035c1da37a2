package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.FoldEntry;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldSummary;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.fold.LogFold;
import io.backstay.recovery.fold.OrderedLog;
import io.backstay.recovery.fold.TableLane;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// The log of a plan, folded in place: what it was read from stays mapped until [#close].
final class FoldedLog implements AutoCloseable {
    private final FoldSources sources;
    private final Fold fold;
    private final RestorePlan plan;

    private FoldedLog(FoldSources sources, Fold fold, RestorePlan plan) {
        this.sources = sources;
        this.fold = fold;
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
        FoldSources sources = FoldSources.open(archive, plan);
        try {
            Fold fold =
                    LogFold.run(
                            FoldStart.at(plan.whole(), plan.stop(), isSurvey), sources.stretches());
            return new FoldedLog(sources, fold, plan);
        } catch (RuntimeException e) {
            sources.close();
            throw e;
        }
    }

    Optional<FoldedTable> find(Table table) {
        return fold.find(table.definition().name());
    }

    /// What was read in place of the first segments.
    List<FoldEntry> stored() {
        return sources.stored();
    }

    /// Bytes of the other segments, in their order; valid until [#close].
    List<MemorySegment> bytes() {
        return sources.segments();
    }

    /// What a person should know of how the log was read.
    List<String> notes() {
        return sources.notes();
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
        return fold.summary().end();
    }

    FoldSummary summary() {
        return fold.summary();
    }

    @Override
    public void close() {
        sources.close();
    }
}
