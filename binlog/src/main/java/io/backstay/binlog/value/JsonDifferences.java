package io.backstay.binlog.value;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// The changes of a JSON document that MySQL logs in place of it with
/// `binlog_row_value_options=PARTIAL_JSON`, as text: `REPLACE '$.a' = 1, REMOVE '$.b[2]'`.
///
/// The value is a list of differences to its end:
///
/// | Part | Is |
/// | --- | --- |
/// | 1 byte | 0 REPLACE, 1 INSERT, 2 REMOVE |
/// | packed, n | path: length, text |
/// | packed, n | not for REMOVE: new value: length, binary JSON |
///
/// Source: MySQL source, `Json_diff_vector::read_binary`.
final class JsonDifferences {
    private final MemorySegment bytes;
    private final long end;
    private long at;

    private JsonDifferences(MemorySegment bytes, long from, long end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /// @throws BadValue if the bytes contradict the format
    static String text(MemorySegment bytes, long from, long length) throws BadValue {
        var differences = new JsonDifferences(bytes, from, from + length);
        var text = new StringBuilder();
        while (differences.at < differences.end) {
            text.append(text.isEmpty() ? "" : ", ").append(differences.next());
        }
        return text.toString();
    }

    private String next() throws BadValue {
        int operation = (int) uint(1);
        if (operation > 2) {
            throw new BadValue("a JSON difference from 0 to 2", Integer.toString(operation));
        }
        long pathLength = packed();
        long pathAt = take(pathLength);
        String path =
                new String(
                        bytes.asSlice(pathAt, pathLength).toArray(ValueLayout.JAVA_BYTE),
                        StandardCharsets.UTF_8);
        String quoted = ColumnValue.text(path).shown();
        if (operation == 2) {
            return "REMOVE " + quoted;
        }
        long length = packed();
        String value = JsonBinary.text(bytes, take(length), length);
        return (operation == 0 ? "REPLACE " : "INSERT ") + quoted + " = " + value;
    }

    private long packed() throws BadValue {
        int first = (int) uint(1);
        return switch (first) {
            case 252 -> uint(2);
            case 253 -> uint(3);
            case 254 -> uint(8);
            case 251, 255 -> throw new BadValue("a packed length", "its first byte " + first);
            default -> first;
        };
    }

    private long uint(int width) throws BadValue {
        return Numbers.little(bytes, take(width), width);
    }

    private long take(long length) throws BadValue {
        if (length < 0 || length > end - at) {
            throw new BadValue("JSON differences that end within their value", "fewer bytes");
        }
        long from = at;
        at += length;
        return from;
    }
}
