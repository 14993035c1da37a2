package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.RowsEvent;
import java.lang.foreign.MemorySegment;

/// The head of a rows event, read without copying its column bitmaps; its layout is in
/// [io.backstay.binlog.RowsEvent].
///
/// @param isFull every column is in every image
record RowsHead(long tableId, int flags, int columnCount, boolean isFull, long imagesOffset) {
    private static final int EMPTY_EXTRA_BYTES = 2;

    static RowsHead read(BinlogReader reader, RowsEvent.Change change) {
        MemorySegment s = reader.bytes();
        long body = reader.bodyOffset();
        long left = reader.bodyEnd() - body;
        // an extra part that holds something, and wider counts than 250 columns, take the long way
        int extra = isVersionOne(reader) ? 0 : EMPTY_EXTRA_BYTES;
        if (left < 10 + extra
                || (extra > 0 && Bytes.little(s, body + 8, 2) != EMPTY_EXTRA_BYTES)
                || Bytes.uint8(s, body + 8 + extra) > 250) {
            return of((RowsEvent) reader.decode());
        }
        long columns = body + 8 + extra;
        int count = Bytes.uint8(s, columns);
        int bitmapBytes = (count + 7) / 8;
        int bitmaps = change == RowsEvent.Change.UPDATE ? 2 : 1;
        long images = columns + 1 + (long) bitmaps * bitmapBytes;
        if (images > reader.bodyEnd()) {
            throw DamagedBinlogException.of(
                    reader.origin(),
                    "RowsEvent.columnsPresent",
                    bitmaps * bitmapBytes + " bytes",
                    Long.toString(left - 9 - extra));
        }
        boolean isFull = true;
        for (int i = 0; i < bitmaps; i++) {
            isFull &= isFull(s, columns + 1 + (long) i * bitmapBytes, count);
        }
        return new RowsHead(
                Bytes.little(s, body, 6),
                (int) Bytes.little(s, body + 6, 2),
                count,
                isFull,
                images);
    }

    private static boolean isVersionOne(BinlogReader reader) {
        return switch (reader.type()) {
            case WRITE_ROWS_V2, UPDATE_ROWS_V2, DELETE_ROWS_V2, PARTIAL_UPDATE_ROWS -> false;
            // row events of MariaDB
            default -> true;
        };
    }

    private static RowsHead of(RowsEvent event) {
        return new RowsHead(
                event.tableId(),
                event.flags(),
                event.columnCount(),
                event.isFull(),
                event.imagesOffset());
    }

    private static boolean isFull(MemorySegment s, long bitmap, int count) {
        for (int i = 0; i < count / 8; i++) {
            if (Bytes.uint8(s, bitmap + i) != 0xFF) {
                return false;
            }
        }
        int rest = (1 << (count % 8)) - 1;
        return count % 8 == 0 || (Bytes.uint8(s, bitmap + count / 8) & rest) == rest;
    }
}
