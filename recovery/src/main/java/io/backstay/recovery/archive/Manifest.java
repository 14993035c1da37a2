package io.backstay.recovery.archive;

import io.backstay.binlog.GtidSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
        List<SegmentEntry> segments) {
    public static final String FORMAT = "backstay-archive";
    public static final int FORMAT_VERSION = 1;

    public Manifest {
        bases = List.copyOf(bases);
        segments = List.copyOf(segments);
    }

    Manifest with(List<BaseEntry> newBases, List<SegmentEntry> newSegments, Instant now) {
        return new Manifest(
                format,
                formatVersion,
                archiveId,
                generation + 1,
                Archive.WRITER,
                now,
                newBases,
                newSegments);
    }

    /// Where the next segment goes: numbers only grow, also when old segments have been removed.
    public String nextSegmentPath() {
        return segmentPath(nextSegmentNumber());
    }

    public int nextSegmentNumber() {
        return segments.stream().mapToInt(s -> segmentNumber(s.part().path())).max().orElse(0) + 1;
    }

    public static String segmentPath(int number) {
        return "segments/%08d.binlog".formatted(number);
    }

    private static int segmentNumber(String path) {
        String digits = path.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
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
}
