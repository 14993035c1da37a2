package io.backstay.binlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The session's state that a statement needs to have the same effect again: the status variables
/// of a query event, by their names.
///
/// | Code | Size | Name |
/// | --- | --- | --- |
/// | 0 | 4 | `flags2`: bits of autocommit, foreign and unique key checks |
/// | 1 | 8 | `sql_mode` |
/// | 2 | 1 + n + 1 | `catalog`, with a zero |
/// | 3 | 2 + 2 | `auto_increment_increment`, `auto_increment_offset` |
/// | 4 | 2 + 2 + 2 | `character_set_client`, `collation_connection`, `collation_server`: collation numbers |
/// | 5 | 1 + n | `time_zone` |
/// | 6 | 1 + n | `catalog` |
/// | 7 | 2 | `lc_time_names`, a number |
/// | 8 | 2 | `collation_database`, a number |
/// | 9 | 8 | `table_map_for_update` |
/// | 10 | 4 | `source_data_written` |
/// | 11 | 1 + n, 1 + n | `invoker`: user and host |
/// | 12 | 1, zero-ended each | `updated_databases`; 254: too many, none follows |
/// | 13 | 3 | `microseconds` of the statement's time |
/// | 16 | 1 | `explicit_defaults_for_timestamp` |
/// | 17 | 8 | `ddl_xid` |
/// | 18 | 2 | `default_collation_for_utf8mb4`, a number |
/// | 19, 20 | 1 | `sql_require_primary_key`, `default_table_encryption` |
/// | 21 | 1 | `enable_cascade_triggers` |
/// | 128 | 3 | MariaDB's `microseconds` |
/// | 129 | 8 | MariaDB's `ddl_xid` |
/// | 130 | 2 (of any width) | MariaDB's `gtid_flags3` |
/// | 131 | 1, 4 each | MariaDB's `character_set_collations`: count, then charset and collation numbers |
///
/// An unknown code ends the list: its length is not known. Source: MySQL source,
/// `Query_event::Query_event_status_vars`; MariaDB source, `log_event.h`.
///
/// @param variables sorted by name; empty for a statement without context
/// @param unread hexadecimal digits from the first unknown code on; empty as a rule
public record QueryContext(Map<String, String> variables, String unread) {
    private static final int TOO_MANY_DATABASES = 254;

    public QueryContext {
        variables = java.util.Collections.unmodifiableMap(new TreeMap<>(variables));
    }

    /// Bit of `flags2`: foreign keys were not checked.
    public static final long NO_FOREIGN_KEY_CHECKS = 1L << 26;

    static QueryContext decode(EventBody body, int lengthBytes) {
        var found = new TreeMap<String, String>();
        long end = body.remaining() - lengthBytes;
        while (body.remaining() > end) {
            int code = body.uint8("QueryEvent.statusVariables");
            if (!read(code, body, found)) {
                byte[] rest = body.bytes("QueryEvent.statusVariables", body.remaining() - end);
                String unread = "%02x".formatted(code) + HexFormat.of().formatHex(rest);
                return new QueryContext(found, unread);
            }
        }
        if (body.remaining() != end) {
            throw body.damaged(
                    "QueryEvent.statusVariables",
                    DamagedBinlogException.bytes(lengthBytes),
                    Long.toString(lengthBytes + end - body.remaining()));
        }
        return new QueryContext(found, "");
    }

    private static boolean read(int code, EventBody body, Map<String, String> found) {
        switch (code) {
            case 0 -> found.put("flags2", Long.toString(body.uint32(FIELD)));
            case 1 -> found.put("sql_mode", Long.toUnsignedString(body.uint64(FIELD)));
            case 2 -> {
                found.put("catalog", shortText(body));
                body.skip(FIELD, 1);
            }
            case 3 -> {
                found.put("auto_increment_increment", uint16(body));
                found.put("auto_increment_offset", uint16(body));
            }
            case 4 -> {
                found.put("character_set_client", uint16(body));
                found.put("collation_connection", uint16(body));
                found.put("collation_server", uint16(body));
            }
            case 5 -> found.put("time_zone", shortText(body));
            case 6 -> found.put("catalog", shortText(body));
            case 7 -> found.put("lc_time_names", uint16(body));
            case 8 -> found.put("collation_database", uint16(body));
            case 9 -> found.put("table_map_for_update", Long.toUnsignedString(body.uint64(FIELD)));
            case 10 -> found.put("source_data_written", Long.toString(body.uint32(FIELD)));
            case 11 -> found.put("invoker", shortText(body) + "@" + shortText(body));
            case 12 -> found.put("updated_databases", databases(body));
            case 13, 128 -> found.put("microseconds", Long.toString(body.uint24(FIELD)));
            case 16 -> found.put("explicit_defaults_for_timestamp", uint8(body));
            case 17, 129 -> found.put("ddl_xid", Long.toUnsignedString(body.uint64(FIELD)));
            case 18 -> found.put("default_collation_for_utf8mb4", uint16(body));
            case 19 -> found.put("sql_require_primary_key", uint8(body));
            case 20 -> found.put("default_table_encryption", uint8(body));
            case 21 -> found.put("enable_cascade_triggers", uint8(body));
            case 130 -> found.put("gtid_flags3", uint16(body));
            case 131 -> found.put("character_set_collations", collations(body));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static final String FIELD = "QueryEvent.statusVariables";

    private static String uint8(EventBody body) {
        return Integer.toString(body.uint8(FIELD));
    }

    private static String uint16(EventBody body) {
        return Integer.toString(body.uint16(FIELD));
    }

    private static String shortText(EventBody body) {
        return body.text(FIELD, body.uint8(FIELD), StandardCharsets.UTF_8);
    }

    private static String databases(EventBody body) {
        int count = body.uint8(FIELD);
        if (count == TOO_MANY_DATABASES) {
            return "*";
        }
        var names = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            names.add(body.zeroEndedText(FIELD, StandardCharsets.UTF_8));
        }
        return String.join(",", names);
    }

    private static String collations(EventBody body) {
        int count = body.uint8(FIELD);
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(uint16(body) + "=" + uint16(body));
        }
        return String.join(",", pairs);
    }
}
