package io.backstay.recovery.lane;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A QUERY event with the context of the session it ran in.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 | `threadId` |
/// | 4 | 4 | execution time, seconds |
/// | 8 | 1 | length of the database's name |
/// | 9 | 2 | error code |
/// | 11 | 2 | length of the context |
/// | 13 | | context: one byte what, then as many bytes as that has |
/// | then | | `database`, one zero byte, the statement to the end |
///
/// | What | Size | Context |
/// | --- | --- | --- |
/// | 0 | 4 | option bits: 14 sql_auto_is_null, 15 no check constraints, 24 explicit defaults of
///   TIMESTAMP, 26 no foreign-key checks, 27 relaxed unique checks, 28 IF EXISTS is meant |
/// | 1 | 8 | sql_mode |
/// | 2 | 1 + n + 1 | catalog |
/// | 3 | 2 + 2 | auto_increment_increment, auto_increment_offset |
/// | 4 | 2 + 2 + 2 | numbers of character_set_client, collation_connection, collation_server |
/// | 5 | 1 + n | time zone |
/// | 6 | 1 + n | catalog |
/// | 7 | 2 | number of lc_time_names |
/// | 8 | 2 | number of collation_database |
/// | 9 | 8 | tables of a multi-table update |
/// | 10 | 4 | length on the source |
/// | 11 | 1 + n, 1 + n | invoker |
/// | 12 | 1, zero-ended each | databases that are written to; 254: none follows |
/// | 13 | 3 | MySQL's microseconds of the time |
/// | 16 | 1 | explicit_defaults_for_timestamp |
/// | 17 | 8 | transaction of a DDL |
/// | 18 | 2 | number of default_collation_for_utf8mb4 |
/// | 19 | 1 | sql_require_primary_key |
/// | 20 | 1 | default_table_encryption |
/// | 21 | 1 | enable_cascade_triggers |
/// | 128 | 3 | microseconds of the time |
/// | 129 | 8 | transaction of a DDL |
/// | 130 | 1, and 8 more if bit 2 or 3 is set | 1: begin, 2: end, 3: undoing of an ALTER in two
///   parts |
/// | 131 | 1 + n * 4 | numbers of a character set and of its default collation |
///
/// From 12 to 21 MySQL's, from 128 on MariaDB's. Source: MariaDB server source, `Query_log_event`;
/// MySQL source, `Query_event::Query_event_status_vars`.
final class StatementEvent {
    private static final int HEADER_BYTES = 19;
    private static final int TOO_MANY_DATABASES = 254;

    /// Of what may be missing.
    static final int NOT_TOLD = -1;

    final long timestampSeconds;
    final long threadId;
    final String database;
    final byte[] event;
    final int from;
    final int count;
    int options;
    long sqlMode;
    int autoIncrementIncrement = 1;
    int autoIncrementOffset = 1;
    int @Nullable [] charsets;
    @Nullable String timeZone;
    int timeNames;
    int databaseCollation;
    int microseconds;
    int alterPart;
    int[] characterSetCollations = {};
    int explicitDefaults = NOT_TOLD;
    int utf8mb4Collation = NOT_TOLD;
    int tableEncryption = NOT_TOLD;
    int cascadeTriggers = NOT_TOLD;

    /// @param event the whole event
    /// @param checksumBytes at its end
    StatementEvent(byte[] event, int checksumBytes, String where) {
        this.event = event;
        ByteBuffer in = ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN);
        timestampSeconds = in.getInt(0) & 0xFFFF_FFFFL;
        threadId = in.getInt(HEADER_BYTES) & 0xFFFF_FFFFL;
        int databaseLength = in.get(HEADER_BYTES + 8) & 0xFF;
        int contextLength = in.getShort(HEADER_BYTES + 11) & 0xFFFF;
        int context = HEADER_BYTES + 13;
        in.position(context).limit(context + contextLength);
        while (in.hasRemaining()) {
            readContext(in, where);
        }
        in.limit(event.length);
        database =
                new String(event, context + contextLength, databaseLength, StandardCharsets.UTF_8);
        from = context + contextLength + databaseLength + 1;
        count = event.length - checksumBytes - from;
    }

    private void readContext(ByteBuffer in, String where) {
        int what = in.get() & 0xFF;
        switch (what) {
            case 0 -> options = in.getInt();
            case 1 -> sqlMode = in.getLong();
            case 2 -> skip(in, (in.get() & 0xFF) + 1);
            case 3 -> {
                autoIncrementIncrement = in.getShort() & 0xFFFF;
                autoIncrementOffset = in.getShort() & 0xFFFF;
            }
            case 4 ->
                    charsets =
                            new int[] {
                                in.getShort() & 0xFFFF,
                                in.getShort() & 0xFFFF,
                                in.getShort() & 0xFFFF
                            };
            case 5 -> {
                var name = new byte[in.get() & 0xFF];
                in.get(name);
                timeZone = new String(name, StandardCharsets.UTF_8);
            }
            case 6 -> skip(in, in.get() & 0xFF);
            case 7 -> timeNames = in.getShort() & 0xFFFF;
            case 8 -> databaseCollation = in.getShort() & 0xFFFF;
            case 9, 17, 129 -> skip(in, 8);
            case 10 -> skip(in, 4);
            case 11 -> {
                skip(in, in.get() & 0xFF);
                skip(in, in.get() & 0xFF);
            }
            case 12 -> skipDatabases(in);
            case 16 -> explicitDefaults = in.get();
            case 18 -> utf8mb4Collation = in.getShort() & 0xFFFF;
            case 19 -> skip(in, 1); // it was met where it was demanded
            case 20 -> tableEncryption = in.get();
            case 21 -> cascadeTriggers = in.get();
            case 13, 128 -> microseconds = (in.getShort() & 0xFFFF) | (in.get() & 0xFF) << 16;
            case 130 -> {
                alterPart = in.get();
                skip(in, (alterPart & 12) != 0 ? 8 : 0);
            }
            case 131 -> {
                characterSetCollations = new int[2 * (in.get() & 0xFF)];
                for (int i = 0; i < characterSetCollations.length; i++) {
                    characterSetCollations[i] = in.getShort() & 0xFFFF;
                }
            }
            default ->
                    throw new Problem(
                            ErrorCode.UNSUPPORTED,
                            "the statement at %s has context of the unknown kind %d"
                                    .formatted(where, what),
                            "the source is newer than this program: update it.");
        }
    }

    private static void skipDatabases(ByteBuffer in) {
        int count = in.get() & 0xFF;
        for (int i = 0; i < count && count != TOO_MANY_DATABASES; i++) {
            while (in.get() != 0) {
                // to the end of a name
            }
        }
    }

    private static void skip(ByteBuffer in, int count) {
        in.position(in.position() + count);
    }

    /// Of an ALTER in two parts: the part that does not end it changes nothing yet.
    boolean isWithoutEffect() {
        return (alterPart & 2) != 0 || (alterPart & 8) != 0;
    }

    boolean has(int optionBit) {
        return (options & (1 << optionBit)) != 0;
    }
}
