package io.backstay.recovery.proof;

import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.RowDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Digests of one table's rows, one a key range. Not safe for use by several threads.
public final class RangeDigests {
    private final KeyRanges ranges;
    private final List<RowDigest> digests = new ArrayList<>();
    private int last;

    public RangeDigests(KeyRanges ranges) {
        this.ranges = ranges;
        for (int i = 0; i < ranges.count(); i++) {
            digests.add(new RowDigest());
        }
    }

    /// @param count bytes of the row without its line feed
    /// @return the row's range
    public int put(byte[] row, int from, int count) {
        last = ranges.rangeOf(row, from, last);
        digests.get(last).add(row, from, count);
        return last;
    }

    /// As [#put].
    public void add(byte[] row, int from, int count) {
        int _ = put(row, from, count);
    }

    /// Ranges that are not the same in both, which must be of the same ranges.
    public BitSet differences(RangeDigests other) {
        var differing = new BitSet();
        for (int i = 0; i < digests.size(); i++) {
            if (!digests.get(i).toString().equals(other.digests.get(i).toString())) {
                differing.set(i);
            }
        }
        return differing;
    }

    public KeyRanges ranges() {
        return ranges;
    }

    public RowDigest of(int range) {
        return digests.get(range);
    }

    /// Of all rows.
    public RowDigest whole() {
        var whole = new RowDigest();
        digests.forEach(whole::add);
        return whole;
    }

    public long rows() {
        return digests.stream().mapToLong(RowDigest::rows).sum();
    }

    /// The digests by range, then `@` and the keys where the ranges but the first begin.
    @Override
    public String toString() {
        return String.join(",", digests.stream().map(RowDigest::toString).toList())
                + "@"
                + String.join(",", ranges.starts().stream().map(String::valueOf).toList());
    }

    /// What [#toString] wrote of the same table.
    public static RangeDigests parse(Table table, String text) {
        int at = text.indexOf('@');
        String starts = text.substring(at + 1);
        var ranges =
                KeyRanges.at(
                        table,
                        starts.isEmpty()
                                ? List.of()
                                : List.of(starts.split(",", -1)).stream()
                                        .map(Long::valueOf)
                                        .toList());
        var parsed = new RangeDigests(ranges);
        String[] parts = text.substring(0, at).split(",", -1);
        for (int i = 0; i < parts.length; i++) {
            parsed.digests.get(i).add(RowDigest.parse(parts[i]));
        }
        return parsed;
    }
}
