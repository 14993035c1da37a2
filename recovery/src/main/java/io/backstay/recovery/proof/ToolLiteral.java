package io.backstay.recovery.proof;

import io.backstay.mysql.ColumnDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/// A value as `mariadb-binlog --verbose` prints it, brought to the text a SELECT gives for it.
///
/// Texts stand between quotes, bytes below 0x20, quote and backslash as `\xHH`; a negative number
/// of four or fewer bytes is followed by its unsigned reading in parentheses; dates have colons; a
/// TIMESTAMP is Unix time. Source: the tool's own output, MariaDB 10.11 to 11.8.
final class ToolLiteral {
    private static final Set<String> INTEGERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
    private static final Set<String> TEXTS =
            Set.of(
                    "char",
                    "varchar",
                    "tinytext",
                    "text",
                    "mediumtext",
                    "longtext",
                    "varbinary",
                    "tinyblob",
                    "blob",
                    "mediumblob",
                    "longblob");
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private ToolLiteral() {}

    /// Whether the tool prints such values in full and one spelling: no FLOAT (it rounds), ENUM,
    /// SET, BIT, geometry and the like.
    static boolean isComparable(ColumnDefinition column) {
        return INTEGERS.contains(column.dataType())
                || TEXTS.contains(column.dataType())
                || Set.of("decimal", "date", "datetime", "timestamp", "time", "year")
                        .contains(column.dataType());
    }

    /// As text of LOAD DATA, in ISO 8859-1 of its bytes; empty if it is none of what is known.
    static Optional<String> value(ColumnDefinition column, String printed) {
        String text = printed.strip();
        if (text.equals("NULL")) {
            return Optional.of("\\N");
        }
        if (INTEGERS.contains(column.dataType())) {
            int open = text.indexOf(" (");
            if (open < 0) {
                return Optional.of(text);
            }
            return Optional.of(
                    column.isUnsigned()
                            ? text.substring(open + 2, text.length() - 1)
                            : text.substring(0, open));
        }
        return switch (column.dataType()) {
            case "decimal", "year" -> Optional.of(text);
            case "date" -> unquoted(text).map(date -> date.replace(':', '-'));
            case "datetime", "time" -> unquoted(text);
            case "timestamp" -> Optional.of(timestamp(text));
            default -> unquoted(text).map(ToolLiteral::escaped);
        };
    }

    private static String timestamp(String text) {
        int dot = text.indexOf('.');
        long seconds = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
        String fraction = dot < 0 ? "" : text.substring(dot);
        return (seconds == 0
                        ? "0000-00-00 00:00:00"
                        : SECONDS.format(Instant.ofEpochSecond(seconds)))
                + fraction;
    }

    private static Optional<String> unquoted(String text) {
        if (text.length() < 2 || text.charAt(0) != '\'' || !text.endsWith("'")) {
            return Optional.empty();
        }
        return Optional.of(text.substring(1, text.length() - 1));
    }

    /// Bytes of the tool's spelling in the spelling of LOAD DATA.
    private static String escaped(String text) {
        var out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 3 < text.length() && text.charAt(i + 1) == 'x') {
                c = (char) Integer.parseInt(text, i + 2, i + 4, 16);
                i += 3;
            }
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case 0 -> out.append("\\0");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
