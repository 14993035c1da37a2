package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldRequest;
import io.backstay.recovery.fold.FoldSummary;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.fold.LogFold;
import io.backstay.recovery.fold.OrderedLog;
import io.backstay.recovery.fold.ReadPages;
import io.backstay.recovery.fold.TableLane;
import io.backstay.recovery.proof.LogCoverage;
import io.backstay.recovery.proof.LogCoverage.Coverage;
import io.backstay.recovery.run.ScratchFolder;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The log of a plan, folded in place: what it was read from stays mapped until [#close].
final class FoldedLog implements AutoCloseable {
    /// A survey looks at no coverage.
    private static final Coverage UNKNOWN =
            new Coverage("", "", 0, 0, 0, List.of(), List.of("not looked at"));

    private final FoldSources sources;
    private final ScratchFolder scratch;
    private final Fold fold;
    private final RestorePlan plan;
    private final CompletableFuture<Coverage> coverage;

    private FoldedLog(
            FoldSources sources,
            ScratchFolder scratch,
            CompletableFuture<Coverage> coverage,
            Fold fold,
            RestorePlan plan) {
        this.sources = sources;
        this.scratch = scratch;
        this.coverage = coverage;
        this.fold = fold;
        this.plan = plan;
    }

    /// Errors: damage in a segment, found before anything of it is used; what the plan needs and
    /// cannot have exactly.
    static FoldedLog of(Archive archive, RestorePlan plan, MemoryLimit memory) {
        FoldedLog log = read(archive, plan, memory, false);
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
        return read(archive, plan, MemoryLimit.ofThisProcess(), true);
    }

    private static FoldedLog read(
            Archive archive, RestorePlan plan, MemoryLimit memory, boolean isSurvey) {
        var scratch = new ScratchFolder(memory.scratch());
        FoldSources sources = FoldSources.open(archive, plan);
        // beside the fold, which one core is enough for
        CompletableFuture<Void> whole = CompletableFuture.runAsync(sources::requireWhole);
        CompletableFuture<Coverage> coverage =
                whole.thenApply(_ -> isSurvey ? UNKNOWN : covered(plan, sources, memory));
        try {
            FoldRequest request =
                    FoldStart.at(plan.whole(), plan.stop(), isSurvey).within(memory.keys(scratch));
            return new FoldedLog(sources, scratch, coverage, fold(request, sources, whole), plan);
        } catch (RuntimeException e) {
            close(sources, coverage);
            scratch.close();
            throw e;
        }
    }

    /// What is wrong with the bytes goes before what the fold says of them.
    private static Fold fold(
            FoldRequest request, FoldSources sources, CompletableFuture<Void> whole) {
        try {
            return LogFold.run(request, sources.stretches());
        } finally {
            joined(whole);
        }
    }

    private static Coverage covered(RestorePlan plan, FoldSources sources, MemoryLimit memory) {
        long logBytes = sources.segments().stream().mapToLong(MemorySegment::byteSize).sum();
        return LogCoverage.of(
                FoldStart.all(plan.whole()),
                plan.segments(),
                sources.stored(),
                sources.segments(),
                new ReadPages(logBytes > memory.logBytes()));
    }

    @SuppressWarnings("NullAway") // of Void there is null alone
    private static <T> T joined(CompletableFuture<T> step) {
        try {
            return step.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            throw e;
        }
    }

    /// What reads the bytes has ended before they go.
    private static void close(FoldSources sources, CompletableFuture<?> reading) {
        boolean _ = reading.handle((_, _) -> true).join();
        sources.close();
    }

    Optional<FoldedTable> find(Table table) {
        return fold.find(table.definition().name());
    }

    /// Of all segments of the plan; waits for it. Not of a survey.
    Coverage coverage() {
        return joined(coverage);
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
        close(sources, coverage);
        scratch.close();
    }
}
