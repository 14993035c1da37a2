package io.backstay.binlog;

import java.util.BitSet;

/// The head of a rows event: which table, which columns, and where the row images begin.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 6 | `tableId` of a table map before it |
/// | 6 | 2 | `flags` |
/// | 8 | packed | `columnCount` |
/// | then | (count+7)/8 | columns present in the (before) image, a bit each, lowest first |
/// | then | (count+7)/8 | in updates: columns present in the after image |
/// | then | rest | row images: NULL bits of the present columns, then the values, see [ColumnType] |
///
/// An update has for every row the before image and then the after image. Source: MySQL internals
/// manual, `ROWS_EVENT`; MariaDB knowledge base, "Rows Event v1".
///
/// @param present columns in the only or the before image
/// @param presentAfter columns in the after image; of an update, else equal to `present`
/// @param imagesOffset of the first row image in the reader's bytes
/// @param imagesEnd behind the last
public record RowsEvent(
        Change change,
        long tableId,
        int flags,
        int columnCount,
        BitSet present,
        BitSet presentAfter,
        long imagesOffset,
        long imagesEnd)
        implements BinlogEvent {
    public static final int FLAG_STATEMENT_END = 1;
    public static final int FLAG_NO_FOREIGN_KEY_CHECKS = 2;

    /// The table id of an event that only ends a statement and has no rows.
    public static final long DUMMY_TABLE_ID = 0xFF_FFFF;

    /// What happened to each row.
    public enum Change {
        INSERT,
        UPDATE,
        DELETE
    }

    static RowsEvent decode(EventBody body, Change change, long bodyEnd) {
        long tableId = body.uint48("RowsEvent.tableId");
        int flags = body.uint16("RowsEvent.flags");
        long count = body.packedInteger("RowsEvent.columnCount");
        if (count > 8192) {
            throw body.damaged("RowsEvent.columnCount", "at most 8192", Long.toString(count));
        }
        long bitmapBytes = (count + 7) / 8;
        BitSet present = BitSet.valueOf(body.bytes("RowsEvent.columnsPresent", bitmapBytes));
        BitSet after =
                change == Change.UPDATE
                        ? BitSet.valueOf(body.bytes("RowsEvent.columnsPresentAfter", bitmapBytes))
                        : present;
        return new RowsEvent(
                change,
                tableId,
                flags,
                (int) count,
                present,
                after,
                bodyEnd - body.remaining(),
                bodyEnd);
    }

    /// Every column is in every image, as `binlog_row_image=FULL` has it.
    public boolean isFull() {
        return present.cardinality() == columnCount && presentAfter.cardinality() == columnCount;
    }
}
