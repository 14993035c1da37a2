package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.GtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveLock;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.DamagedArchiveException;
import io.backstay.recovery.archive.FoldEntry;
import io.backstay.recovery.archive.Manifest;
import io.backstay.recovery.archive.PartEntry;
import io.backstay.recovery.archive.PartKind;
import io.backstay.recovery.archive.PartSink;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldWriter;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.fold.LogFold;
import io.backstay.recovery.fold.LogStretch;
import io.backstay.recovery.fold.ReadPages;
import io.backstay.recovery.fold.RefusedFold;
import io.backstay.recovery.fold.StoredFold;
import io.backstay.recovery.proof.LogCoverage;
import io.backstay.recovery.run.ScratchFolder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Folds the closed segments behind an archive's newest base ahead of any restore.
///
/// ```
/// segments ─group─► fold ─► part ─► read back: the same fold? ─► entered
///                     ▲                                            │
///                     └── two neighbours, the older not twice as big ┘
/// ```
///
/// - A group is as many segments as fit the memory that is allowed; it is folded as a restore
///   would. The first segment that is more than net row changes (a definition, a table that leaves
///   the fold) ends the folding: it and all behind it wait for the next base.
/// - Neighbours merge while the older one is not twice as big as the newer: the sizes fall by half
///   from the base on, so a restore reads at most twice what the biggest holds, however long the
///   log, and a changed row is written anew about as often as the log doubles.
/// - Killed at any moment, what was entered counts and the rest is folded by the next run.
public final class Compaction {
    /// Above this two folds stay apart: a reader takes at most 2 GiB at once.
    private static final long MERGED_BYTES = 1500L << 20;

    private final Archive archive;
    private final long groupBytes;
    private final MemoryLimit memory;
    private final RecoveryListener listener;
    private final BaseEntry base;
    private final BaseDocument document;
    private final List<FoldEntry> made = new ArrayList<>();
    private @Nullable String contradiction;

    private Compaction(
            Archive archive,
            long groupBytes,
            MemoryLimit memory,
            RecoveryListener listener,
            BaseEntry base) {
        this.archive = archive;
        this.memory = memory;
        this.groupBytes = groupBytes;
        this.listener = listener;
        this.base = base;
        this.document = archive.document(base);
    }

    /// @param made in this run, merged ones included
    /// @param folds that now stand for the log, in order
    /// @param foldedSegments how many segments those stand for
    /// @param segments closed ones behind the base
    /// @param stoppedBy why the others are not folded; empty if all are
    public record Result(
            BaseEntry base,
            List<FoldEntry> made,
            List<FoldEntry> folds,
            int foldedSegments,
            int segments,
            Optional<String> stoppedBy) {}

    /// @param groupBytes of log that are folded at once
    public static Result run(Archive archive, long groupBytes, RecoveryListener listener) {
        return run(archive, groupBytes, MemoryLimit.ofThisProcess(), listener);
    }

    /// @param groupBytes of log that are folded at once
    /// @param memory for its keys
    public static Result run(
            Archive archive, long groupBytes, MemoryLimit memory, RecoveryListener listener) {
        List<BaseEntry> bases = archive.manifest().bases();
        if (bases.isEmpty()) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "archive "
                            + archive.address()
                            + " has no base, so there is nothing to fold onto",
                    "make one with `backstay backup --archive "
                            + archive.address()
                            + " --server URL`.");
        }
        try (ArchiveLock _ = archive.lock("fold")) {
            return new Compaction(archive, groupBytes, memory, listener, bases.getLast()).run();
        }
    }

    private Result run() {
        dropDamaged();
        Optional<String> stoppedBy = Optional.empty();
        while (stoppedBy.isEmpty()) {
            List<SegmentEntry> left = unfolded();
            if (left.isEmpty()) {
                break;
            }
            stoppedBy = foldFirst(left);
            while (stoppedBy.isEmpty() && mergeLast()) {
                // until the sizes fall by half
            }
            if (contradiction != null) {
                stoppedBy = Optional.of(contradiction);
            }
        }
        List<FoldEntry> folds = folds();
        return new Result(
                base,
                List.copyOf(made),
                folds,
                folds.stream().mapToInt(fold -> fold.segments().size()).sum(),
                segments().size(),
                stoppedBy);
    }

    /// A fold that cannot be read, and those behind it, are made anew.
    private void dropDamaged() {
        List<FoldEntry> folds = folds();
        for (int i = 0; i < folds.size(); i++) {
            try {
                archive.requireWhole(folds.get(i).part());
            } catch (DamagedArchiveException e) {
                listener.note("folded anew: " + e.getMessage());
                archive.removeFolds(folds.subList(i, folds.size()));
                return;
            }
        }
    }

    private List<SegmentEntry> segments() {
        return archive.manifest().segmentsAfter(base);
    }

    private List<SegmentEntry> segments(int first, int count) {
        List<SegmentEntry> all = segments();
        if (all.size() < first + count) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "segments behind %s went out of the archive while they were folded"
                            .formatted(base.id()),
                    "fold again: `backstay archive fold --archive " + archive.address() + "`.");
        }
        return all.subList(first, first + count);
    }

    private List<FoldEntry> folds() {
        Manifest manifest = archive.manifest();
        return manifest.foldsAfter(base, manifest.segmentsAfter(base));
    }

    private List<SegmentEntry> unfolded() {
        List<SegmentEntry> all = segments();
        int folded = folds().stream().mapToInt(fold -> fold.segments().size()).sum();
        return all.subList(folded, all.size());
    }

    /// @return why the very first segment cannot be folded; empty if one or more were
    private Optional<String> foldFirst(List<SegmentEntry> left) {
        int count = 1;
        long bytes = left.getFirst().part().lengthBytes();
        while (count < left.size() && bytes + left.get(count).part().lengthBytes() <= groupBytes) {
            bytes += left.get(count++).part().lengthBytes();
        }
        Optional<String> reason = Optional.empty();
        for (; count > 0; count /= 2) {
            reason = fold(left.subList(0, count));
            if (reason.isEmpty()) {
                return reason;
            }
        }
        return reason;
    }

    private Optional<String> fold(List<SegmentEntry> group) {
        listener.phase(
                "fold %s to %s"
                        .formatted(group.getFirst().part().path(), group.getLast().part().path()));
        List<FoldEntry> before = folds();
        try (var maps = new Maps()) {
            var stretches = new ArrayList<LogStretch>();
            var bytes = new ArrayList<MemorySegment>();
            for (SegmentEntry segment : group) {
                bytes.add(maps.map(segment.part()));
                stretches.add(new LogStretch(segment.file(), maps.inflated(segment.file())));
            }
            Fold fold;
            try {
                fold = fold(before, stretches, maps);
            } catch (RefusedFold e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
            Optional<String> reason = Refusals.whyNotNetChanges(fold);
            if (reason.isPresent() || fold.summary().transactions() == 0) {
                return Optional.of(reason.orElse("no transaction in it is behind the base"));
            }
            var coverage =
                    LogCoverage.of(
                            FoldStart.all(document),
                            covered(before, group),
                            before,
                            bytes,
                            new ReadPages(false));
            if (!coverage.holes().isEmpty()) {
                return Optional.of("the log has a hole: " + coverage.holes().getFirst());
            }
            long repeated =
                    coverage.repeated() - before.stream().mapToLong(FoldEntry::repeated).sum();
            long unused =
                    coverage.unusedNumbers()
                            - before.stream().mapToLong(FoldEntry::unusedNumbers).sum();
            enter(group, before, stretches, fold, repeated, unused, 0, List.of());
            return Optional.empty();
        }
    }

    private List<SegmentEntry> covered(List<FoldEntry> before, List<SegmentEntry> group) {
        int folded = before.stream().mapToInt(fold -> fold.segments().size()).sum();
        return segments(0, folded + group.size());
    }

    /// @return whether the last two are one now
    private boolean mergeLast() {
        List<FoldEntry> folds = folds();
        if (folds.size() < 2) {
            return false;
        }
        List<FoldEntry> pair = folds.subList(folds.size() - 2, folds.size());
        long older = pair.getFirst().part().lengthBytes();
        long newer = pair.getLast().part().lengthBytes();
        if (older > 2 * newer || older + newer > MERGED_BYTES) {
            return false;
        }
        listener.phase(
                "merge %s and %s"
                        .formatted(pair.getFirst().part().path(), pair.getLast().part().path()));
        List<FoldEntry> before = folds.subList(0, folds.size() - 2);
        try (var maps = new Maps()) {
            List<LogStretch> stretches =
                    pair.stream()
                            .map(
                                    fold ->
                                            LogStretch.of(
                                                    fold.part().path(),
                                                    maps.map(fold.part()),
                                                    FoldSources.storedFold(fold)))
                            .toList();
            Fold fold = fold(before, stretches, maps);
            Optional<String> reason = Refusals.whyNotNetChanges(fold);
            if (reason.isPresent()) {
                contradiction =
                        "%s and %s contradict each other: %s"
                                .formatted(
                                        pair.getFirst().part().path(),
                                        pair.getLast().part().path(),
                                        reason.get());
                return false;
            }
            int first = before.stream().mapToInt(f -> f.segments().size()).sum();
            int count = pair.stream().mapToInt(f -> f.segments().size()).sum();
            enter(
                    segments(first, count),
                    before,
                    stretches,
                    fold,
                    pair.stream().mapToLong(FoldEntry::repeated).sum(),
                    pair.stream().mapToLong(FoldEntry::unusedNumbers).sum(),
                    pair.stream().mapToLong(FoldEntry::vanishedRows).sum(),
                    pair);
        }
        return true;
    }

    private Fold fold(List<FoldEntry> before, List<LogStretch> stretches, Maps maps) {
        List<GtidSet> read = before.stream().map(fold -> GtidSet.parse(fold.folded())).toList();
        return LogFold.run(
                FoldStart.behindFolds(document, read).within(memory.keys(maps.scratch)), stretches);
    }

    private void enter(
            List<SegmentEntry> group,
            List<FoldEntry> before,
            List<LogStretch> stretches,
            Fold fold,
            long repeated,
            long unusedNumbers,
            long vanishedRows,
            List<FoldEntry> replaced) {
        PartEntry part = write(group, stretches, fold);
        StoredFold facts = StoredFold.of(fold.summary());
        var entry =
                new FoldEntry(
                        part,
                        base.id(),
                        group.stream().map(FoldEntry.Folded::of).toList(),
                        group.getFirst().fromGtid(),
                        group.getLast().toGtid(),
                        facts.folded().toString(),
                        facts.transactions(),
                        repeated,
                        unusedNumbers,
                        facts.rowEvents(),
                        facts.rows(),
                        vanishedRows
                                + fold.tables().values().stream()
                                        .mapToLong(FoldedTable::vanishedRows)
                                        .sum(),
                        group.stream().mapToLong(s -> s.part().lengthBytes()).sum(),
                        facts.lastSeconds());
        requireSame(entry, before, fold);
        archive.addFold(entry, replaced);
        made.add(entry);
    }

    private PartEntry write(List<SegmentEntry> group, List<LogStretch> stretches, Fold fold) {
        String path = Manifest.foldPath(base, group.getFirst(), group.getLast());
        try (PartSink sink = archive.newPart(path, PartKind.FOLD, FoldEntry.FORMAT_VERSION)) {
            var out = new BufferedOutputStream(sink, 1 << 20);
            FoldWriter.write(fold, stretches.getFirst(), out);
            out.flush();
            return sink.seal();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What was written, read as a restore will read it, is what was folded.
    private void requireSame(FoldEntry entry, List<FoldEntry> before, Fold fold) {
        try (var maps = new Maps()) {
            var stretch =
                    LogStretch.of(
                            entry.part().path(),
                            maps.map(entry.part()),
                            FoldSources.storedFold(entry));
            Fold again = fold(before, List.of(stretch), maps);
            String expected = digest(fold);
            String found = digest(again);
            if (!expected.equals(found) || !again.summary().end().equals(fold.summary().end())) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "%s, read back, does not amount to the log that it was made of: expected %s, found %s"
                                .formatted(entry.part().path(), expected, found),
                        "report this; the archive is as it was, and a restore reads the segments.");
            }
        }
    }

    private static String digest(Fold fold) {
        var text = new StringBuilder();
        fold.tables()
                .forEach(
                        (name, table) -> {
                            String digest = table.digest();
                            if (!digest.startsWith("0:")) {
                                text.append(name).append(' ').append(digest).append('\n');
                            }
                        });
        return text.toString();
    }

    /// Parts mapped, and keys put aside, for one step.
    private final class Maps implements AutoCloseable {
        private final ScratchFolder scratch = new ScratchFolder(memory.scratch());
        private final List<BinlogFile> files = new ArrayList<>();

        MemorySegment map(PartEntry part) {
            BinlogFile file = BinlogFile.open(archive.requireWhole(part));
            files.add(file);
            return file.bytes();
        }

        /// What was mapped last, with its compressed transactions laid out.
        MemorySegment inflated(String name) {
            return InflatedSegment.of(files.getLast(), name, files);
        }

        @Override
        public void close() {
            files.forEach(BinlogFile::close);
            scratch.close();
        }
    }
}
