package io.backstay.recovery.apply;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.TransactionBegin;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.Server;
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

/// Makes the server apply row images as they were logged: no value is converted, no trigger fires.
///
/// One statement `BINLOG 'base64'` holds a table map of the log itself and a rows event of ours, in
/// the layout of [io.backstay.binlog.RowsEvent]: version 1 for MariaDB, 2 for MySQL. The log's
/// format description goes first ([#begin]). Source: MariaDB knowledge base, "BINLOG", "Rows Event
/// v1"; MySQL source, `Rows_event`.
public final class RowEvents {
    private static final int HEADER = 19;
    private static final int WRITE_ROWS_V1 = 23;
    private static final int UPDATE_ROWS_V1 = 24;
    private static final int DELETE_ROWS_V1 = 25;
    private static final int VERSION_TWO = 7;
    private static final int STATEMENT_END = 1;

    private final byte[] format;
    private final Map<TableName, byte[]> maps;
    private final Map<TableName, Integer> columns;
    private final long serverId;
    private final boolean isMySql;

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
            Map<TableName, byte[]> maps,
            Map<TableName, Integer> columns,
            Server server) {
        this.format = format;
        this.maps = maps;
        this.columns = columns;
        this.serverId = Long.parseLong(server.requireValue("SELECT @@server_id"));
        this.isMySql = server.version().flavour() == Flavour.MYSQL;
    }

    /// Takes the first table map of each table out of the stretch: fold and map are of one layout.
    ///
    /// @param before state in front of the stretch
    /// @param server where they go, so that its own log has the changes as its own
    public static RowEvents of(List<LogStretch> stretches, GtidSet before, Server server) {
        var maps = new HashMap<TableName, byte[]>();
        var columns = new HashMap<TableName, Integer>();
        byte[] format = {};
        for (LogStretch stretch : stretches) {
            var reader = new BinlogReader(stretch.bytes(), stretch.file());
            boolean isBefore = true;
            while (reader.next()) {
                if (reader.type() == EventType.FORMAT_DESCRIPTION && format.length == 0) {
                    format = event(reader, reader.offset() + reader.sizeBytes());
                    format[format.length - 5] = 0; // no checksums
                } else if (TransactionBegin.is(reader.type())) {
                    isBefore =
                            before.has(
                                    TransactionBegin.of(reader.decode(), reader.header()).gtid());
                } else if (reader.type() == EventType.TABLE_MAP && !isBefore) {
                    TableMapEvent map = (TableMapEvent) reader.decode();
                    var name = new TableName(map.schema(), map.table());
                    if (maps.putIfAbsent(name, event(reader, reader.bodyEnd())) == null) {
                        columns.put(name, map.columns().size());
                    }
                }
            }
        }
        return new RowEvents(format, maps, columns, server);
    }

    private static byte[] event(BinlogReader reader, long end) {
        byte[] event =
                reader.bytes()
                        .asSlice(reader.offset(), end - reader.offset())
                        .toArray(ValueLayout.JAVA_BYTE);
        put(event, 9, event.length);
        return event;
    }

    public Optional<Integer> columns(TableName table) {
        return Optional.ofNullable(columns.get(table));
    }

    /// To be called before the transaction: MySQL takes the session for a replica's then, and must
    /// be told that it is none.
    public void begin(Server server) {
        server.execute(binlog(format));
        if (isMySql) {
            server.execute("SET SESSION gtid_next = 'AUTOMATIC'");
        }
    }

    private static String binlog(byte[] events) {
        return "BINLOG '" + Base64.getEncoder().encodeToString(events) + "'";
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
        if (isMySql) {
            putInt(rows, 2, 2); // an extra part that holds nothing
        }
        putPacked(rows, count);
        putAllColumns(rows, count);
        if (act == Act.UPDATE) {
            putAllColumns(rows, count);
        }
        for (RowImage image : images) {
            MemorySegment logged = image.logged();
            rows.writeBytes(logged.toArray(ValueLayout.JAVA_BYTE));
        }
        byte[] event = rows.toByteArray();
        put(event, 0, (int) (System.currentTimeMillis() / 1000));
        event[4] = (byte) (act.code + (isMySql ? VERSION_TWO : 0));
        put(event, 9, event.length);
        own(event);
        var all = new ByteArrayOutputStream();
        all.writeBytes(map);
        all.writeBytes(event);
        return binlog(all.toByteArray());
    }

    /// The server's own id.
    private void own(byte[] event) {
        put(event, 5, (int) serverId);
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
