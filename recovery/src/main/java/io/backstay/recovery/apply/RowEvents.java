package io.backstay.recovery.apply;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.ChecksumAlgorithm;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidEvent;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.TableMapEvent;
import io.backstay.mysql.TableName;
import io.backstay.recovery.fold.LogStretch;
import io.backstay.recovery.fold.RowImage;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/// Makes the server apply row images as they were logged: no value is converted, no trigger fires.
///
/// One statement `BINLOG 'base64'` holds a format description and a table map of the log itself and
/// a rows event of ours, in the layout of [io.backstay.binlog.RowsEvent]. Source: MariaDB knowledge
/// base, "BINLOG", "Rows Event v1".
public final class RowEvents {
    private static final int HEADER = 19;
    private static final int WRITE_ROWS_V1 = 23;
    private static final int UPDATE_ROWS_V1 = 24;
    private static final int DELETE_ROWS_V1 = 25;
    private static final int STATEMENT_END = 1;

    private final byte[] format;
    private final boolean hasChecksum;
    private final Map<TableName, byte[]> maps;
    private final Map<TableName, Integer> columns;
    private final long serverId;

    /// What is done to the row images.
    public enum Act {
        INSERT(WRITE_ROWS_V1),
        UPDATE(UPDATE_ROWS_V1),
        DELETE(DELETE_ROWS_V1);

        private final int code;

        Act(int code) {
            this.code = code;
        }
    }

    private RowEvents(
            byte[] format,
            boolean hasChecksum,
            Map<TableName, byte[]> maps,
            Map<TableName, Integer> columns,
            long serverId) {
        this.format = format;
        this.hasChecksum = hasChecksum;
        this.maps = maps;
        this.columns = columns;
        this.serverId = serverId;
    }

    /// Takes the first table map of each table out of the stretch: fold and map are of one layout.
    ///
    /// @param before state in front of the stretch
    /// @param serverId of the server, so that its own log has the changes as its own
    public static RowEvents of(List<LogStretch> stretches, MariaDbGtidState before, long serverId) {
        var maps = new HashMap<TableName, byte[]>();
        var columns = new HashMap<TableName, Integer>();
        byte[] format = {};
        boolean hasChecksum = false;
        for (LogStretch stretch : stretches) {
            var reader = new BinlogReader(stretch.bytes(), stretch.file());
            boolean isBefore = true;
            while (reader.next()) {
                if (reader.type() == EventType.FORMAT_DESCRIPTION && format.length == 0) {
                    format = event(reader);
                    hasChecksum = reader.format().checksum() == ChecksumAlgorithm.CRC32;
                } else if (reader.type() == EventType.GTID) {
                    isBefore = before.reaches(((GtidEvent) reader.decode()).gtid());
                } else if (reader.type() == EventType.TABLE_MAP
                        && !isBefore
                        && (reader.format().checksum() == ChecksumAlgorithm.CRC32) == hasChecksum) {
                    TableMapEvent map = (TableMapEvent) reader.decode();
                    var name = new TableName(map.schema(), map.table());
                    if (maps.putIfAbsent(name, event(reader)) == null) {
                        columns.put(name, map.columns().size());
                    }
                }
            }
        }
        return new RowEvents(format, hasChecksum, maps, columns, serverId);
    }

    private static byte[] event(BinlogReader reader) {
        return reader.bytes()
                .asSlice(reader.offset(), reader.sizeBytes())
                .toArray(ValueLayout.JAVA_BYTE);
    }

    public Optional<Integer> columns(TableName table) {
        return Optional.ofNullable(columns.get(table));
    }

    /// @param images of an insert or delete one a row, of an update before and after by turns
    String statement(TableName table, Act act, List<RowImage> images) {
        byte[] map = maps.getOrDefault(table, new byte[0]).clone();
        own(map);
        int count = columns.getOrDefault(table, 0);
        var rows = new ByteArrayOutputStream();
        rows.writeBytes(new byte[HEADER]);
        rows.write(map, HEADER, 6);
        putInt(rows, STATEMENT_END, 2);
        putPacked(rows, count);
        putAllColumns(rows, count);
        if (act == Act.UPDATE) {
            putAllColumns(rows, count);
        }
        for (RowImage image : images) {
            MemorySegment logged = image.logged();
            rows.writeBytes(logged.toArray(ValueLayout.JAVA_BYTE));
        }
        if (hasChecksum) {
            rows.writeBytes(new byte[4]);
        }
        byte[] event = rows.toByteArray();
        put(event, 0, (int) (System.currentTimeMillis() / 1000));
        event[4] = (byte) act.code;
        put(event, 9, event.length);
        own(event);
        var all = new ByteArrayOutputStream();
        all.writeBytes(format);
        all.writeBytes(map);
        all.writeBytes(event);
        return "BINLOG '" + Base64.getEncoder().encodeToString(all.toByteArray()) + "'";
    }

    /// The server's own id, and the checksum anew.
    private void own(byte[] event) {
        put(event, 5, (int) serverId);
        if (hasChecksum) {
            var crc = new CRC32();
            crc.update(event, 0, event.length - 4);
            put(event, event.length - 4, (int) crc.getValue());
        }
    }

    private static void put(byte[] event, int at, int value) {
        for (int i = 0; i < 4; i++) {
            event[at + i] = (byte) (value >>> (8 * i));
        }
    }

    private static void putInt(ByteArrayOutputStream out, int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write(value >>> (8 * i));
        }
    }

    private static void putPacked(ByteArrayOutputStream out, int value) {
        if (value < 251) {
            out.write(value);
        } else {
            out.write(252);
            putInt(out, value, 2);
        }
    }

    private static void putAllColumns(ByteArrayOutputStream out, int count) {
        for (int i = 0; i < (count + 7) / 8; i++) {
            out.write(count - 8 * i >= 8 ? 0xff : (1 << (count - 8 * i)) - 1);
        }
    }
}
