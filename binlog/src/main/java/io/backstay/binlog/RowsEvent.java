package io.backstay.binlog;

import java.util.BitSet;
import java.util.OptionalInt;

/// The head of a rows event: which table, which columns, and where the row images begin.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 6 | `tableId` of a table map before it |
/// | 6 | 2 | `flags` |
/// | 8 | 2 + n | version 2 only: length, itself included, and extra fields |
/// | then | packed | `columnCount` |
/// | then | (count+7)/8 | columns present in the (before) image, a bit each, lowest first |
/// | then | (count+7)/8 | in updates: columns present in the after image |
/// | then | rest | row images: NULL bits of the present columns, then the values, see [ColumnType] |
///
/// An extra field is one byte of kind and its content: 0, for NDB, one byte of length that counts
/// itself, and n - 1 bytes; 1, two bytes of partition, and in updates two of the partition that the
/// row came from. An update has for every row the before image and then the after image. In a
/// partial update the after image is preceded by packed value options; if bit 0 is set, by one bit
/// for each JSON column of the table that tells whether its value is a list of differences.
///
/// In MariaDB's compressed events the row images are a [CompressedRecord]: [#imagesOffset] is an
/// offset in what came out of it. Source: MySQL internals manual, `ROWS_EVENT`; MySQL source,
/// `Rows_event`; MariaDB knowledge base, "Rows Event v1".
///
/// @param present columns in the only or the before image
/// @param presentAfter columns in the after image; of an update, else equal to `present`
/// @param imagesOffset of the first row image in the reader's bytes
/// @param imagesEnd behind the last
/// @param partition of the only or the after image; MySQL tells it for partitioned tables
/// @param sourcePartition of an update's before image
/// @param isPartial an update whose after images may hold differences of JSON values
public record RowsEvent(
        Change change,
        long tableId,
        int flags,
        int columnCount,
        BitSet present,
        BitSet presentAfter,
        long imagesOffset,
        long imagesEnd,
        OptionalInt partition,
        OptionalInt sourcePartition,
        boolean isPartial)
        implements BinlogEvent {
    public static final int FLAG_STATEMENT_END = 1;
    public static final int FLAG_NO_FOREIGN_KEY_CHECKS = 2;

    /// What foreign keys changed with it is in the log beside it: MySQL from 9.6 on, unless
    /// `innodb_native_foreign_keys` is on.
    public static final int FLAG_FOREIGN_KEYS_LOGGED = 0x10;

    /// The table id of an event that only ends a statement and has no rows.
    public static final long DUMMY_TABLE_ID = 0xFF_FFFF;

    private static final int COLUMNS_MAX = 8192;
    private static final int EXTRA_NDB = 0;
    private static final int EXTRA_PARTITION = 1;

    /// What happened to each row.
    public enum Change {
        INSERT,
        UPDATE,
        DELETE
    }

    /// The two layouts of the head, and the one for partial updates.
    enum Version {
        V1,
        V2,
        PARTIAL
    }

    static RowsEvent decode(EventBody body, Change change, Version version, long bodyEnd) {
        long tableId = body.uint48("RowsEvent.tableId");
        int flags = body.uint16("RowsEvent.flags");
        int[] partitions = {-1, -1};
        if (version != Version.V1) {
            readExtra(body, change, partitions);
        }
        long count = body.packedInteger("RowsEvent.columnCount");
        if (count < 0 || count > COLUMNS_MAX) {
            throw body.damaged("RowsEvent.columnCount", "at most 8192", Long.toString(count));
        }
        long bitmapBytes = (count + 7) / 8;
        BitSet present = columns(body, "RowsEvent.columnsPresent", bitmapBytes, (int) count);
        BitSet after =
                change == Change.UPDATE
                        ? columns(body, "RowsEvent.columnsPresentAfter", bitmapBytes, (int) count)
                        : present;
        return new RowsEvent(
                change,
                tableId,
                flags,
                (int) count,
                present,
                after,
                bodyEnd - body.remaining(),
                bodyEnd,
                partition(partitions[0]),
                partition(partitions[1]),
                version == Version.PARTIAL);
    }

    private static void readExtra(EventBody body, Change change, int[] partitions) {
        int length = body.uint16("RowsEvent.extraLength");
        if (length < 2 || length - 2 > body.remaining()) {
            throw body.damaged(
                    "RowsEvent.extraLength",
                    "2 to " + (body.remaining() + 2),
                    Integer.toString(length));
        }
        long end = body.remaining() - (length - 2);
        while (body.remaining() > end) {
            int kind = body.uint8("RowsEvent.extraKind");
            if (kind == EXTRA_PARTITION) {
                partitions[0] = body.uint16("RowsEvent.partition");
                if (change == Change.UPDATE) {
                    partitions[1] = body.uint16("RowsEvent.sourcePartition");
                }
            } else if (kind == EXTRA_NDB) {
                int own = body.uint8("RowsEvent.ndbLength");
                body.skip("RowsEvent.ndb", Math.max(0, own - 1));
            } else {
                body.skip("RowsEvent.extra", body.remaining() - end);
            }
        }
        if (body.remaining() != end) {
            throw body.damaged(
                    "RowsEvent.extraLength",
                    Long.toString(length + end - body.remaining()),
                    Integer.toString(length));
        }
    }

    private static BitSet columns(EventBody body, String field, long bytes, int count) {
        BitSet columns = BitSet.valueOf(body.bytes(field, bytes));
        columns.clear(count, Math.max(count, columns.length()));
        return columns;
    }

    private static OptionalInt partition(int number) {
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /// The same head with its images elsewhere.
    RowsEvent withImages(long offset, long end) {
        return new RowsEvent(
                change,
                tableId,
                flags,
                columnCount,
                present,
                presentAfter,
                offset,
                end,
                partition,
                sourcePartition,
                isPartial);
    }

    /// Every column is in every image, as `binlog_row_image=FULL` has it.
    public boolean isFull() {
        return present.cardinality() == columnCount && presentAfter.cardinality() == columnCount;
    }
}
