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

    static RowsHead read(BinlogReader reader, RowsEvent.Change change) {
        MemorySegment s = reader.bytes();
        long body = reader.bodyOffset();
        long left = reader.bodyEnd() - body;
        // wider counts than 250 columns take the long way
        if (left < 10 || Bytes.uint8(s, body + 8) > 250) {
            return of((RowsEvent) reader.decode());
        }
        int count = Bytes.uint8(s, body + 8);
        int bitmapBytes = (count + 7) / 8;
        int bitmaps = change == RowsEvent.Change.UPDATE ? 2 : 1;
        long images = body + 9 + (long) bitmaps * bitmapBytes;
        if (images > reader.bodyEnd()) {
            throw DamagedBinlogException.of(
                    reader.origin(),
                    "RowsEvent.columnsPresent",
                    bitmaps * bitmapBytes + " bytes",
                    Long.toString(left - 9));
        }
        boolean isFull = true;
        for (int i = 0; i < bitmaps; i++) {
            isFull &= isFull(s, body + 9 + (long) i * bitmapBytes, count);
        }
        return new RowsHead(
                Bytes.little(s, body, 6),
                (int) Bytes.little(s, body + 6, 2),
                count,
                isFull,
                images);
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
