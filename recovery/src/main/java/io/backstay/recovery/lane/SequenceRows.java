package io.backstay.recovery.lane;

import io.backstay.mysql.Flavour;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.fold.OrderedEvent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Row events of sequences, as SETVAL: a server that gets one in a `BINLOG` statement crashes
/// (MariaDB 10.11 and 11.4, in `Rows_log_event::update_sequence`).
///
/// A sequence's row is eight columns: six BIGINT, the first of which is the next value not handed
/// out, one TINYINT, and a BIGINT that counts the rounds of a cycle. A table may look the same, so
/// the server is asked. Source: MariaDB knowledge base, "SEQUENCE Overview".
final class SequenceRows {
    private static final int HEADER_BYTES = 19;
    private static final byte[] TYPES = {8, 8, 8, 8, 8, 8, 1, 8};

    private final Server server;
    private final boolean hasSequences;

    SequenceRows(Server server) {
        this.server = server;
        this.hasSequences = server.version().flavour() == Flavour.MARIADB;
    }

    /// The sequence that an event is of; empty for a table.
    Optional<TableName> find(OrderedEvent.Rows rows) {
        if (!hasSequences) {
            return Optional.empty();
        }
        MemorySegment map = rows.map();
        int schemaLength = uint8(map, HEADER_BYTES + 8);
        int tableAt = HEADER_BYTES + 8 + schemaLength + 2;
        int tableLength = uint8(map, tableAt);
        int typesAt = tableAt + tableLength + 2;
        if (uint8(map, typesAt) != TYPES.length
                || map.asSlice(typesAt + 1, TYPES.length).mismatch(MemorySegment.ofArray(TYPES))
                        >= 0) {
            return Optional.empty();
        }
        var name =
                new TableName(
                        text(map, HEADER_BYTES + 9, schemaLength),
                        text(map, tableAt + 1, tableLength));
        boolean isSequence =
                server.findValue(
                                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_TYPE = 'SEQUENCE'"
                                        + " AND TABLE_SCHEMA = "
                                        + Identifier.text(name.schema())
                                        + " AND TABLE_NAME = "
                                        + Identifier.text(name.table()))
                        .isPresent();
        return isSequence ? Optional.of(name) : Optional.empty();
    }

    /// Sets the sequence to the event's last row.
    void apply(TableName sequence, OrderedEvent.Rows rows, int checksumBytes) {
        byte[] event = rows.rows().toArray(ValueLayout.JAVA_BYTE);
        ByteBuffer in = ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN);
        int present = event[HEADER_BYTES + 9];
        in.position(HEADER_BYTES + 10).limit(event.length - checksumBytes);
        long next = 0;
        long round = 0;
        while (in.hasRemaining()) {
            in.get();
            for (int column = 0; column < TYPES.length; column++) {
                if ((present & (1 << column)) != 0) {
                    long value = TYPES[column] == 8 ? in.getLong() : in.get();
                    next = column == 0 ? value : next;
                    round = column == TYPES.length - 1 ? value : round;
                }
            }
        }
        server.execute(
                "DO SETVAL(%s, %d, 0, %d)".formatted(Identifier.quote(sequence), next, round));
    }

    private static int uint8(MemorySegment s, long at) {
        return s.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }

    private static String text(MemorySegment s, long at, int count) {
        return new String(
                s.asSlice(at, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
