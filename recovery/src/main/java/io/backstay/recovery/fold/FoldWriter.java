package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.ChecksumAlgorithm;
import io.backstay.binlog.EventHeader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.RowsEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.zip.CRC32;

/// Writes what a log amounts to as a binary log again, so that it is read as one.
///
/// Format, version 1: the four bytes `fe 62 69 6e`; the format description event of the folded
/// log's first stretch; then for each table, by name,
///
/// - if the log emptied it, the statement that did so first, a QUERY event;
/// - if a row changed, a TABLE_MAP event with a number of its own, the log's own body;
/// - rows events (v1) with all columns, in this order: deleted rows, changed rows, new rows. Images
///   are the log's bytes. A row without a key stands there as often as it came or went. Every event
///   has the flag that foreign keys are not looked at: all that cascaded is in it.
///
/// Events have the server number 0, no time but that of the fold's last transaction, the checksum
/// of the format description, and positions in this file. There is no GTID: what the file stands
/// for is a [StoredFold].
public final class FoldWriter {
    private static final int IMAGES_BYTES = 1 << 20;
    private static final int TABLE_ID_BYTES = 6;
    private static final int FLAGS = RowsEvent.FLAG_NO_FOREIGN_KEY_CHECKS;

    private final OutputStream out;
    private final long seconds;
    private final boolean hasChecksum;
    private final RowBuffer event = new RowBuffer();
    private long length;
    private long nextTableId = 1;

    private FoldWriter(OutputStream out, long seconds, boolean hasChecksum) {
        this.out = out;
        this.seconds = seconds;
        this.hasChecksum = hasChecksum;
    }

    /// @param fold of a log from which no table left the fold, and which has no other statement
    /// @param first the log's first stretch
    public static void write(Fold fold, LogStretch first, OutputStream out) throws IOException {
        requireWhole(fold);
        var reader = new BinlogReader(first.bytes(), first.file());
        if (!reader.next()) {
            throw new IllegalArgumentException(first.file() + " has no event");
        }
        boolean hasChecksum = reader.format().checksum() == ChecksumAlgorithm.CRC32;
        var writer = new FoldWriter(out, fold.summary().lastSeconds(), hasChecksum);
        writer.putHead(first.bytes().asSlice(reader.offset(), reader.sizeBytes()));
        for (FoldedTable table : fold.tables().values()) {
            writer.put(table);
        }
    }

    private static void requireWhole(Fold fold) {
        boolean isWhole =
                fold.lanes().values().stream().allMatch(lane -> lane instanceof TableLane.Folded)
                        && fold.statements().isEmpty()
                        && fold.ordered().isEmpty()
                        && fold.summary().unfinished().isEmpty();
        if (!isWhole) {
            throw new IllegalArgumentException("the log is more than its net row changes");
        }
    }

    private void putHead(MemorySegment formatDescription) throws IOException {
        event.clear();
        event.putRaw(new byte[] {(byte) 0xFE, 'b', 'i', 'n'}, 0, 4);
        event.putRaw(formatDescription, 0, (int) formatDescription.byteSize());
        flush();
    }

    private void put(FoldedTable table) throws IOException {
        if (table.emptiedAt().isPresent()) {
            putStatement(table, table.emptiedAt().get());
        }
        if (table.fold().isEmpty() || table.fold().get().changes().size() == 0) {
            return;
        }
        TableFold fold = table.fold().get();
        long tableId = nextTableId++;
        begin(EventType.TABLE_MAP);
        putTableId(tableId);
        MemorySegment map = fold.tableMap();
        event.putRaw(map, TABLE_ID_BYTES, (int) map.byteSize() - TABLE_ID_BYTES);
        end();
        for (RowsEvent.Change change :
                List.of(
                        RowsEvent.Change.DELETE,
                        RowsEvent.Change.UPDATE,
                        RowsEvent.Change.INSERT)) {
            new Rows(table, fold, tableId, change).put();
        }
    }

    private void putStatement(FoldedTable table, long place) throws IOException {
        LogStretch stretch = table.stretch(place);
        long offset = NetRows.offsetOf(place);
        long size = Bytes.little(stretch.bytes(), offset + 9, 4);
        var reader = new BinlogReader(stretch.bytes(), stretch.file());
        int trailer = reader.next() ? reader.format().checksum().lengthBytes() : 0;
        begin(EventType.QUERY);
        event.putRaw(
                stretch.bytes(),
                offset + EventHeader.LENGTH,
                (int) size - EventHeader.LENGTH - trailer);
        end();
    }

    /// The rows of one table that changed in one way.
    private final class Rows {
        private final FoldedTable table;
        private final TableFold fold;
        private final long tableId;
        private final RowsEvent.Change change;
        private boolean isOpen;

        Rows(FoldedTable table, TableFold fold, long tableId, RowsEvent.Change change) {
            this.table = table;
            this.fold = fold;
            this.tableId = tableId;
            this.change = change;
        }

        void put() throws IOException {
            NetCursor entry = fold.changes().cursor();
            while (entry.next()) {
                int before = entry.countBefore();
                int after = entry.countAfter();
                if (before > 0 && after > 0) {
                    if (change == RowsEvent.Change.UPDATE) {
                        put(entry.placeBefore(), entry.placeAfter());
                    }
                } else if (change == RowsEvent.Change.DELETE) {
                    for (int i = 0; i < before; i++) {
                        put(entry.placeBefore());
                    }
                } else if (change == RowsEvent.Change.INSERT) {
                    for (int i = 0; i < after; i++) {
                        put(entry.placeAfter());
                    }
                }
            }
            endIfOpen();
        }

        private void put(long... places) throws IOException {
            if (!isOpen) {
                beginRows();
                isOpen = true;
            }
            for (long place : places) {
                MemorySegment s = table.stretch(place).bytes();
                long from = NetRows.offsetOf(place);
                long end = fold.layout().rowEnd(s, from, s.byteSize());
                event.putRaw(s, from, (int) (end - from));
            }
            if (event.length() > IMAGES_BYTES) {
                endIfOpen();
            }
        }

        private void beginRows() {
            begin(
                    switch (change) {
                        case INSERT -> EventType.WRITE_ROWS_V1;
                        case UPDATE -> EventType.UPDATE_ROWS_V1;
                        case DELETE -> EventType.DELETE_ROWS_V1;
                    });
            putTableId(tableId);
            event.put(FLAGS);
            event.put(FLAGS >>> 8);
            int columns = fold.layouts().size();
            putLength(columns);
            for (int i = change == RowsEvent.Change.UPDATE ? 2 : 1; i > 0; i--) {
                for (int c = 0; c < columns; c += 8) {
                    int left = columns - c;
                    event.put(left >= 8 ? 0xFF : (1 << left) - 1);
                }
            }
        }

        private void endIfOpen() throws IOException {
            if (isOpen) {
                end();
                isOpen = false;
            }
        }
    }

    /// A length-encoded number of at most two bytes: tables have at most 4096 columns.
    private void putLength(int value) {
        if (value <= 250) {
            event.put(value);
        } else {
            event.put(0xFC);
            event.put(value);
            event.put(value >>> 8);
        }
    }

    private void putTableId(long tableId) {
        for (int i = 0; i < TABLE_ID_BYTES; i++) {
            event.put((int) (tableId >>> (8 * i)));
        }
    }

    private void begin(EventType type) {
        event.clear();
        putInt32(seconds);
        event.put(type.code());
        for (int i = 5; i < EventHeader.LENGTH; i++) {
            event.put(0); // server, then size and position, which are known at the end; no flag
        }
    }

    private void end() throws IOException {
        int size = event.length() + (hasChecksum ? ChecksumAlgorithm.CRC32.lengthBytes() : 0);
        event.putInt32(9, size);
        event.putInt32(13, (int) (length + size));
        if (hasChecksum) {
            var crc = new CRC32();
            crc.update(event.bytes(), 0, event.length());
            putInt32(crc.getValue());
        }
        flush();
    }

    private void putInt32(long value) {
        for (int i = 0; i < 4; i++) {
            event.put((int) (value >>> (8 * i)));
        }
    }

    private void flush() throws IOException {
        out.write(event.bytes(), 0, event.length());
        length += event.length();
    }
}
