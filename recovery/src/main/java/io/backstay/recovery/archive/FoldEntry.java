package io.backstay.recovery.archive;

import java.util.List;

/// What a stretch of the log behind one base amounts to, worked out ahead of any restore.
///
/// The part is a binary log file of net row changes ([io.backstay.recovery.fold.FoldWriter]). It is
/// read in place of its segments by a restore from that base that wants all of them; the segments
/// stay, for every other. The folds of a base follow each other from the base on.
///
/// @param base id of the base that its first fold begins at
/// @param segments that it stands for, in order
/// @param fromGtid state before its first transaction, as of [SegmentEntry]
/// @param toGtid state after its last one
/// @param folded its transactions: last GTID of every domain and server, of MySQL all
/// @param repeated transactions that the base, or a segment before, had already
/// @param unusedNumbers sequence numbers that the source never gave
/// @param rows changed, counted once for each change
/// @param vanishedRows with a key, that came and went within a fold: nothing of them is in the
///   part, so nobody can tell from it whether the base, or the log before, had them already
/// @param logBytes of the segments
/// @param lastSeconds time of the last transaction, seconds since 1970
public record FoldEntry(
        PartEntry part,
        String base,
        List<Folded> segments,
        String fromGtid,
        String toGtid,
        String folded,
        long transactions,
        long repeated,
        long unusedNumbers,
        long rowEvents,
        long rows,
        long vanishedRows,
        long logBytes,
        long lastSeconds) {
    public static final int FORMAT_VERSION = 1;

    /// A segment that a fold stands for.
    public record Folded(String path, String sha256) {
        public static Folded of(SegmentEntry segment) {
            return new Folded(segment.part().path(), segment.part().sha256());
        }
    }

    public FoldEntry {
        segments = List.copyOf(segments);
    }

    /// Whether it stands for exactly the first of these segments.
    boolean standsFor(List<SegmentEntry> from) {
        return !segments.isEmpty()
                && segments.size() <= from.size()
                && segments.equals(
                        from.subList(0, segments.size()).stream().map(Folded::of).toList());
    }
}
