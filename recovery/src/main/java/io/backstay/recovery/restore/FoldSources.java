package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.FoldEntry;
import io.backstay.recovery.archive.PartEntry;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.FoldStop;
import io.backstay.recovery.fold.LogStretch;
import io.backstay.recovery.fold.StoredFold;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The parts that the log of a plan is read from: folds that stand for its first segments, then the
/// other segments, what is compressed in them laid out beside them. Mapped until [#close].
///
/// A fold is a shortcut. One that cannot be read whole is passed over with a note, and its segments
/// are read in its place.
final class FoldSources implements AutoCloseable {
    private final List<BinlogFile> files = new ArrayList<>();
    private final List<BinlogFile> inflated = new ArrayList<>();
    private final List<LogStretch> stretches = new ArrayList<>();
    private final List<FoldEntry> stored = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<PartEntry> unchecked = new ArrayList<>();
    private final Archive archive;

    private FoldSources(Archive archive) {
        this.archive = archive;
    }

    /// The folds were held against their checksums, the segments are not yet: [#requireWhole].
    static FoldSources open(Archive archive, RestorePlan plan) {
        var sources = new FoldSources(archive);
        try {
            sources.read(plan);
            return sources;
        } catch (RuntimeException e) {
            sources.close();
            throw e;
        }
    }

    private void read(RestorePlan plan) {
        List<SegmentEntry> segments = plan.segments();
        // the stop is in the last one
        List<SegmentEntry> whole =
                plan.stop() instanceof FoldStop.AtEnd() || segments.isEmpty()
                        ? segments
                        : segments.subList(0, segments.size() - 1);
        int folded = 0;
        for (FoldEntry fold : archive.manifest().foldsAfter(plan.base(), whole)) {
            try {
                StoredFold facts = storedFold(fold);
                Path file = archive.requireWhole(fold.part());
                stretches.add(LogStretch.of(fold.part().path(), open(file).bytes(), facts));
            } catch (Problem | IllegalArgumentException | UncheckedIOException e) {
                notes.add(
                        "%s is left out, its segments are read in its place: %s"
                                .formatted(fold.part().path(), e.getMessage()));
                break;
            }
            stored.add(fold);
            folded += fold.segments().size();
        }
        if (folded > 0) {
            notes.add(
                    "%d of %d segments were folded before: %s"
                            .formatted(folded, segments.size(), named(stored)));
            long vanished = stored.stream().mapToLong(FoldEntry::vanishedRows).sum();
            if (vanished > 0) {
                notes.add(
                        "of %d rows that came and went within what was folded before, nobody asked whether they were there already"
                                .formatted(vanished));
            }
        }
        for (SegmentEntry segment : segments.subList(folded, segments.size())) {
            if (FoldStart.all(plan.whole()) instanceof MySqlGtidSet) {
                // read here and now, for what is compressed in it
                archive.requireWhole(segment.part());
            } else {
                unchecked.add(segment.part());
            }
            BinlogFile file = open(archive.resolve(segment.part()));
            stretches.add(
                    new LogStretch(
                            segment.file(), InflatedSegment.of(file, segment.file(), inflated)));
        }
    }

    /// Reads every segment and holds it against its checksums. Errors: damage.
    void requireWhole() {
        unchecked.forEach(archive::requireWhole);
    }

    private static String named(List<FoldEntry> folds) {
        return String.join(
                ", ",
                folds.stream()
                        .map(f -> f.part().path() + " (sha256 " + f.part().sha256() + ")")
                        .toList());
    }

    private BinlogFile open(Path part) {
        BinlogFile file = BinlogFile.open(part);
        files.add(file);
        return file;
    }

    static StoredFold storedFold(FoldEntry fold) {
        return new StoredFold(
                GtidSet.parse(fold.folded()),
                fold.transactions(),
                fold.repeated(),
                fold.rowEvents(),
                fold.rows(),
                fold.lastSeconds());
    }

    List<LogStretch> stretches() {
        return stretches;
    }

    List<FoldEntry> stored() {
        return List.copyOf(stored);
    }

    /// Bytes of the segments that no fold stood for.
    List<MemorySegment> segments() {
        return files.subList(stored.size(), files.size()).stream().map(BinlogFile::bytes).toList();
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() {
        files.forEach(BinlogFile::close);
        inflated.forEach(BinlogFile::close);
    }
}
