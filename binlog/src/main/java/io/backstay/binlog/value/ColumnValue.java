package io.backstay.binlog.value;

import java.util.Map;

/// One column's value in a row image.
///
/// @param text exact; of a [Kind#HEX] value pairs of hexadecimal digits
public record ColumnValue(Kind kind, String text) {
    /// The column is not in the image: its value is what it was, or a default.
    public static final ColumnValue ABSENT = new ColumnValue(Kind.ABSENT, "");

    public static final ColumnValue NULL = new ColumnValue(Kind.NULL, "NULL");

    /// How a value is written.
    public enum Kind {
        ABSENT,
        NULL,
        /// Written as it is: `-1`, `1.50`, `b'101'`, `[1,2]`.
        PLAIN,
        /// Written in quotes.
        TEXT,
        /// Bytes, or text in a character set that is not known.
        HEX,
        /// A JSON document.
        JSON,
        /// Changes of a JSON document that the log does not hold whole.
        JSON_DIFFERENCES
    }

    static ColumnValue plain(String text) {
        return new ColumnValue(Kind.PLAIN, text);
    }

    static ColumnValue text(String text) {
        return new ColumnValue(Kind.TEXT, text);
    }

    public boolean isAbsent() {
        return kind == Kind.ABSENT;
    }

    /// For a line of text: `'it''s'`, `x'00ff'`, `NULL`.
    public String shown() {
        return switch (kind) {
            case ABSENT -> "-";
            case NULL, PLAIN, JSON, JSON_DIFFERENCES -> text;
            case TEXT -> quoted(text);
            case HEX -> "x'" + text + "'";
        };
    }

    /// For a JSON document: null, a string, or an object that says what else it is. Numbers are
    /// strings, so that no reader rounds them.
    public @org.jspecify.annotations.Nullable Object document() {
        return switch (kind) {
            case ABSENT, NULL -> null;
            case PLAIN, TEXT -> text;
            case HEX -> Map.of("hex", text);
            case JSON -> Map.of("json", text);
            case JSON_DIFFERENCES -> Map.of("jsonDifferences", text);
        };
    }

    private static String quoted(String text) {
        var out = new StringBuilder("'");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\'' -> out.append("''");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\0' -> out.append("\\0");
                default -> {
                    if (Character.isISOControl(c)) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('\'').toString();
    }
}
