package io.backstay.recovery.lane;

import io.backstay.binlog.RowsEvent;
import io.backstay.recovery.fold.OrderedEvent;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;

/// Row events put together to one `BINLOG` statement.
///
/// Each goes right behind its table map and ends its statement, as the events that stood between
/// may have been another table's. Source: MariaDB knowledge base, "BINLOG".
final class RowsStatement {
    private static final int HEADER_BYTES = 19;
    private static final int FLAGS_OFFSET = HEADER_BYTES + 6;
    private static final byte[] BEGIN = "BINLOG '".getBytes(StandardCharsets.US_ASCII);

    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private boolean hasChecksums = true;

    boolean isEmpty() {
        return events.size() == 0;
    }

    int sizeBytes() {
        return events.size();
    }

    /// @param format the format description event that what follows goes by
    void addFormat(MemorySegment format) {
        byte[] event = format.toArray(ValueLayout.JAVA_BYTE);
        hasChecksums = event[event.length - 5] == 1;
        events.writeBytes(event);
    }

    void add(OrderedEvent.Rows rows) {
        events.writeBytes(rows.map().toArray(ValueLayout.JAVA_BYTE));
        byte[] event = rows.rows().toArray(ValueLayout.JAVA_BYTE);
        event[FLAGS_OFFSET] |= RowsEvent.FLAG_STATEMENT_END;
        if (!rows.keepsForeignKeys()) {
            event[FLAGS_OFFSET] |= RowsEvent.FLAG_NO_FOREIGN_KEY_CHECKS;
        }
        if (hasChecksums) {
            var crc = new CRC32();
            crc.update(event, 0, event.length - 4);
            for (int i = 0; i < 4; i++) {
                event[event.length - 4 + i] = (byte) (crc.getValue() >>> (8 * i));
            }
        }
        events.writeBytes(event);
    }

    /// The statement; begins anew.
    byte[] take() {
        byte[] base64 = Base64.getEncoder().encode(events.toByteArray());
        events.reset();
        byte[] sql = new byte[BEGIN.length + base64.length + 1];
        System.arraycopy(BEGIN, 0, sql, 0, BEGIN.length);
        System.arraycopy(base64, 0, sql, BEGIN.length, base64.length);
        sql[sql.length - 1] = '\'';
        return sql;
    }
}
