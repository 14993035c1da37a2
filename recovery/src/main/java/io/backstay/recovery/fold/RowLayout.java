package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// How to walk the full row images of one table: past the columns by their lengths, in place.
///
/// A row image: one bit a column that is set for NULL, lowest bit first, in whole bytes; then the
/// values of the columns that are not NULL, see [io.backstay.binlog.ColumnType].
final class RowLayout {
    /// What a walk returns when the row does not fit before its event's end.
    static final long BEYOND = -1;

    private final List<ColumnLayout> columns;
    private final int[] fixedLengths;
    private final int[] prefixLengths;
    private final int nullBytes;
    private final int lastNullMask;

    /// Steps over a row without a NULL: a positive number of bytes, or a negative length of length.
    private final int[] steps;

    RowLayout(List<ColumnLayout> columns) {
        this.columns = columns;
        int count = columns.size();
        nullBytes = (count + 7) / 8;
        lastNullMask = count % 8 == 0 ? 0xFF : (1 << (count % 8)) - 1;
        fixedLengths = columns.stream().mapToInt(ColumnLayout::fixedLengthBytes).toArray();
        prefixLengths = columns.stream().mapToInt(ColumnLayout::lengthPrefixBytes).toArray();
        var all = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            if (fixedLengths[i] < 0) {
                all.add(-prefixLengths[i]);
            } else if (!all.isEmpty() && all.getLast() >= 0) {
                all.set(all.size() - 1, all.getLast() + fixedLengths[i]);
            } else {
                all.add(fixedLengths[i]);
            }
        }
        steps = all.stream().mapToInt(Integer::intValue).toArray();
    }

    List<ColumnLayout> columns() {
        return columns;
    }

    int nullBytes() {
        return nullBytes;
    }

    boolean isNull(MemorySegment s, long row, int column) {
        return (Bytes.uint8(s, row + (column >> 3)) & (1 << (column & 7))) != 0;
    }

    /// Behind the row that begins at `row`; [#BEYOND] if it does not end by `end`.
    long rowEnd(MemorySegment s, long row, long end) {
        if (row + nullBytes > end) {
            return BEYOND;
        }
        if (hasNull(s, row)) {
            return walk(s, row, fixedLengths.length, end);
        }
        long at = row + nullBytes;
        for (int step : steps) {
            if (step >= 0) {
                at += step;
            } else {
                if (at - step > end) {
                    return BEYOND;
                }
                at += -step + Bytes.little(s, at, -step);
            }
        }
        return at <= end ? at : BEYOND;
    }

    /// Of a column's value, its length's bytes first; the row is known to fit.
    long columnOffset(MemorySegment s, long row, int column) {
        return walk(s, row, column, Long.MAX_VALUE);
    }

    /// Behind a column's value.
    long columnEnd(MemorySegment s, long at, int column) {
        int fixed = fixedLengths[column];
        int prefix = prefixLengths[column];
        return fixed >= 0 ? at + fixed : at + prefix + Bytes.little(s, at, prefix);
    }

    private boolean hasNull(MemorySegment s, long row) {
        for (int i = 0; i < nullBytes - 1; i++) {
            if (Bytes.uint8(s, row + i) != 0) {
                return true;
            }
        }
        return (Bytes.uint8(s, row + nullBytes - 1) & lastNullMask) != 0;
    }

    private long walk(MemorySegment s, long row, int upTo, long end) {
        long at = row + nullBytes;
        for (int i = 0; i < upTo; i++) {
            if (isNull(s, row, i)) {
                continue;
            }
            int fixed = fixedLengths[i];
            if (fixed >= 0) {
                at += fixed;
            } else {
                int prefix = prefixLengths[i];
                if (at + prefix > end) {
                    return BEYOND;
                }
                at += prefix + Bytes.little(s, at, prefix);
            }
        }
        return at <= end ? at : BEYOND;
    }
}
