package io.backstay.recovery.archive;

import io.backstay.binlog.GtidSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What there is in an archive and what follows what.
///
/// Invariants: bases in the order of their times; each segment begins where the one before it
/// ended, or at a base (then a new chain begins there).
///
/// @param generation counts every replacement
/// @param writer program and version that wrote this generation
public record Manifest(
        String format,
        int formatVersion,
        String archiveId,
        long generation,
        String writer,
        Instant writtenAt,
        List<BaseEntry> bases,
        List<SegmentEntry> segments,
        List<FoldEntry> folds,
        List<CopyEntry> copies) {
    public static final String FORMAT = "backstay-archive";
    public static final int FORMAT_VERSION = 3;

    public Manifest {
        bases = List.copyOf(bases);
        segments = List.copyOf(segments);
        folds = List.copyOf(folds);
        copies = List.copyOf(copies);
    }

    /// Folds and copies of what is there no more go.
    Manifest with(List<BaseEntry> newBases, List<SegmentEntry> newSegments, Instant now) {
        return with(newBases, newSegments, folds, copies, now);
    }

    Manifest withFolds(List<FoldEntry> newFolds, Instant now) {
        return with(bases, segments, newFolds, copies, now);
    }

    Manifest withCopies(List<CopyEntry> newCopies, Instant now) {
        return with(bases, segments, folds, newCopies, now);
    }

    /// The data directory of a base, if it was kept.
    public Optional<CopyEntry> copyOf(BaseEntry base) {
        return copies.stream().filter(copy -> copy.base().equals(base.id())).findFirst();
    }

    private Manifest with(
            List<BaseEntry> newBases,
            List<SegmentEntry> newSegments,
            List<FoldEntry> newFolds,
            List<CopyEntry> newCopies,
            Instant now) {
        Set<String> ids = newBases.stream().map(BaseEntry::id).collect(Collectors.toSet());
        Set<FoldEntry.Folded> there =
                newSegments.stream().map(FoldEntry.Folded::of).collect(Collectors.toSet());
        return new Manifest(
                format,
                FORMAT_VERSION,
                archiveId,
                generation + 1,
                Archive.WRITER,
                now,
                newBases,
                newSegments,
                newFolds.stream()
                        .filter(
                                fold ->
                                        ids.contains(fold.base())
                                                && there.containsAll(fold.segments()))
                        .toList(),
                newCopies.stream().filter(copy -> ids.contains(copy.base())).toList());
    }

    /// Where the next segment goes: numbers only grow, also when old segments have been removed.
    public String nextSegmentPath() {
        return segmentPath(nextSegmentNumber());
    }

    public int nextSegmentNumber() {
        return segments.stream().mapToInt(s -> segmentNumber(s.part().path())).max().orElse(0) + 1;
    }

    /// @param from first segment that it stands for
    public static String foldPath(BaseEntry base, SegmentEntry from, SegmentEntry to) {
        return "folds/%s-%08d-%08d.binlog"
                .formatted(
                        base.id(),
                        segmentNumber(from.part().path()),
                        segmentNumber(to.part().path()));
    }

    public static String segmentPath(int number) {
        return "segments/%08d.binlog".formatted(number);
    }

    /// Behind the folder's name; in a bucket the name has more than the number in it.
    private static int segmentNumber(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String digits = name.replaceAll("\\..*|\\D", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    /// Whether the segment of a number is in.
    public boolean hasSegment(int number) {
        return segments.stream().anyMatch(s -> segmentNumber(s.part().path()) == number);
    }

    /// The segments that go on from a base without a hole; those the base has already, and those of
    /// other chains, are left out.
    public List<SegmentEntry> segmentsAfter(BaseEntry base) {
        GtidSet at = GtidSet.parse(base.gtid());
        var after = new ArrayList<SegmentEntry>();
        for (SegmentEntry segment : segments) {
            if (after.isEmpty()) {
                if (at.covers(GtidSet.parse(segment.toGtid()))) {
                    continue;
                }
                if (!at.covers(GtidSet.parse(segment.fromGtid()))) {
                    break;
                }
            } else if (!after.getLast().toGtid().equals(segment.fromGtid())) {
                break;
            }
            after.add(segment);
        }
        return List.copyOf(after);
    }

    /// The folds that stand for the first of these segments, in order; as few as possible.
    ///
    /// @param after segments that go on from the base
    public List<FoldEntry> foldsAfter(BaseEntry base, List<SegmentEntry> after) {
        var chain = new ArrayList<FoldEntry>();
        List<SegmentEntry> left = after;
        while (true) {
            List<SegmentEntry> from = left;
            Optional<FoldEntry> longest =
                    folds.stream()
                            .filter(fold -> fold.base().equals(base.id()) && fold.standsFor(from))
                            .max(Comparator.comparingInt(fold -> fold.segments().size()));
            if (longest.isEmpty()) {
                return List.copyOf(chain);
            }
            chain.add(longest.get());
            left = left.subList(longest.get().segments().size(), left.size());
        }
    }
}
