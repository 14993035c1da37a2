package io.backstay.binlog.value;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// MySQL's binary JSON as text, the way the server prints it.
///
/// A value is one byte of type and its content. Offsets count from the first byte behind the type
/// of the object or array they are in; sizes and offsets take 2 bytes in a small one, 4 in a large
/// one.
///
/// | Type | Content |
/// | --- | --- |
/// | 0, 1 | object, small, large: count, size in bytes, for each key its offset and 2 bytes of length, for each value an entry, keys, values |
/// | 2, 3 | array, small, large: count, size in bytes, for each value an entry, values |
/// | 4 | literal: 0 null, 1 true, 2 false |
/// | 5, 6, 7, 8, 9, 10 | integer of 2, 2, 4, 4, 8, 8 bytes, signed and unsigned in turn |
/// | 11 | double, 8 bytes |
/// | 12 | text: length, UTF-8 |
/// | 15 | opaque: one byte of column type, length, bytes as a row image has them |
///
/// An entry is one byte of type and an offset, or the value itself if it fits there: literals and
/// integers of 2 bytes, in large ones also of 4. A length has 7 bits a byte, lowest first; the high
/// bit says that one more follows. All little endian.
///
/// Bounds: nesting as the server bounds it, one entry for at least one byte, and text of no more
/// than a small multiple of the document, so that entries that share bytes do no harm. Source:
/// MySQL source, `json_binary.h`.
final class JsonBinary {
    private static final int DEPTH_MAX = 100;
    private static final long ROOT = 0;
    private static final int TEXT_FACTOR_MAX = 16;
    private static final int DECIMAL = 246;
    private static final int DATE = 10;
    private static final int TIME = 11;
    private static final Set<Integer> TEMPORAL = Set.of(7, DATE, TIME, 12);

    private final MemorySegment bytes;
    private final long end;
    private final long textMax;
    private final StringBuilder out = new StringBuilder();
    private final SortedMap<Long, String> members = new TreeMap<>();
    private final SortedMap<Long, String> elements = new TreeMap<>();
    private String root = "";
    private long memberCount;
    private long elementCount;
    private long entriesLeft;

    private JsonBinary(MemorySegment bytes, long from, long end) {
        this.bytes = bytes;
        this.end = end;
        this.entriesLeft = end - from;
        this.textMax = (end - from) * TEXT_FACTOR_MAX + 128;
    }

    /// @throws BadValue if the bytes contradict the format
    static String text(MemorySegment bytes, long from, long length) throws BadValue {
        if (length == 0) {
            return "null"; // what the server reads an empty value as
        }
        var json = new JsonBinary(bytes, from, from + length);
        json.value(json.uint(from, 1), from + 1, 0, ROOT);
        return json.out.toString();
    }

    /// The scalars that JSON text has no type for; format: [JsonText#types].
    ///
    /// @throws BadValue if the bytes contradict the format
    static String types(MemorySegment bytes, long from, long length) throws BadValue {
        if (length == 0) {
            return "";
        }
        var json = new JsonBinary(bytes, from, from + length);
        json.value(json.uint(from, 1), from + 1, 0, ROOT);
        var all = new StringBuilder();
        json.members.forEach((number, type) -> append(all, "m" + number + ":" + type));
        json.elements.forEach((number, type) -> append(all, "a" + number + ":" + type));
        if (!json.root.isEmpty()) {
            append(all, "r:" + json.root);
        }
        return all.toString();
    }

    private static void append(StringBuilder all, String one) {
        all.append(all.isEmpty() ? "" : ",").append(one);
    }

    /// @param slot the value's number: of a member, or negative of an element, from 1 on
    private void typed(long slot, String type) {
        if (slot == ROOT) {
            root = type;
        } else if (slot > 0) {
            members.put(slot, type);
        } else {
            elements.put(-slot, type);
        }
    }

    private void value(long type, long at, int depth, long slot) throws BadValue {
        if (depth > DEPTH_MAX) {
            throw new BadValue("JSON of at most " + DEPTH_MAX + " levels", "more");
        }
        switch ((int) type) {
            case 0 -> object(at, 2, depth);
            case 1 -> object(at, 4, depth);
            case 2 -> array(at, 2, depth);
            case 3 -> array(at, 4, depth);
            case 4 -> literal(uint(at, 1));
            case 5 -> put(Long.toString(Numbers.signExtended(uint(at, 2), 2)));
            case 6 -> put(Long.toString(uint(at, 2)));
            case 7 -> put(Long.toString(Numbers.signExtended(uint(at, 4), 4)));
            case 8 -> put(Long.toString(uint(at, 4)));
            case 9 -> put(Long.toString(uint(at, 8)));
            case 10 -> put(Long.toUnsignedString(uint(at, 8)));
            case 11 -> put(floating(Double.longBitsToDouble(uint(at, 8))));
            case 12 -> quoted(lengthened(at));
            case 15 -> opaque(uint(at, 1), lengthened(at + 1), slot);
            default -> throw new BadValue("a JSON type", "type " + type);
        }
    }

    private void object(long at, int width, int depth) throws BadValue {
        long count = uint(at, width);
        long keys = at + 2L * width;
        long values = keys + count * (width + 2);
        long before = memberCount;
        memberCount += count;
        put("{");
        for (long i = 0; i < count; i++) {
            countEntry();
            long key = keys + i * (width + 2);
            put(i == 0 ? "" : ", ");
            long nameAt = at + uint(key, width);
            long length = uint(key + width, 2);
            require(nameAt, length);
            quoted(bytes.asSlice(nameAt, length));
            put(": ");
            entry(at, values + i * (width + 1), width, depth, before + i + 1);
        }
        put("}");
    }

    private void array(long at, int width, int depth) throws BadValue {
        long count = uint(at, width);
        long values = at + 2L * width;
        long before = elementCount;
        elementCount += count;
        put("[");
        for (long i = 0; i < count; i++) {
            countEntry();
            put(i == 0 ? "" : ", ");
            entry(at, values + i * (width + 1), width, depth, -(before + i + 1));
        }
        put("]");
    }

    private void entry(long container, long entry, int width, int depth, long slot)
            throws BadValue {
        int type = (int) uint(entry, 1);
        boolean isInline =
                type == 4 || type == 5 || type == 6 || (width == 4 && (type == 7 || type == 8));
        value(type, isInline ? entry + 1 : container + uint(entry + 1, width), depth + 1, slot);
    }

    private void countEntry() throws BadValue {
        if (--entriesLeft < 0) {
            throw new BadValue("as many JSON entries as fit into its bytes", "more");
        }
    }

    private void literal(long code) throws BadValue {
        switch ((int) code) {
            case 0 -> put("null");
            case 1 -> put("true");
            case 2 -> put("false");
            default -> throw new BadValue("a JSON literal from 0 to 2", Long.toString(code));
        }
    }

    /// As the server prints it: with a point or an exponent, to be told from an integer.
    private static String floating(double value) {
        String text = Numbers.floating(value);
        return text.contains(".") || text.contains("e") ? text : text + ".0";
    }

    private void opaque(long type, MemorySegment content, long slot) throws BadValue {
        typed(slot, typeName((int) type));
        long length = content.byteSize();
        if (type == DECIMAL && length >= 2) {
            int precision = (int) Numbers.little(content, 0, 1);
            int scale = (int) Numbers.little(content, 1, 1);
            if (precision < 1
                    || precision > 65
                    || scale > precision
                    || DecimalValue.lengthBytes(precision, scale) != length - 2) {
                throw new BadValue("a decimal in JSON", precision + "," + scale);
            }
            put(DecimalValue.text(content, 2, precision, scale));
        } else if (TEMPORAL.contains((int) type) && length == 8) {
            String text =
                    TemporalValue.inJson(Numbers.little(content, 0, 8), type == TIME, type == DATE);
            put("\"" + text + "\"");
        } else {
            String base64 =
                    Base64.getEncoder().encodeToString(content.toArray(ValueLayout.JAVA_BYTE));
            put("\"base64:type" + type + ":" + base64 + "\"");
        }
    }

    /// As JSON_TYPE names it.
    private static String typeName(int type) {
        return switch (type) {
            case DECIMAL -> "DECIMAL";
            case DATE -> "DATE";
            case TIME -> "TIME";
            case 7, 12 -> "DATETIME";
            case 16 -> "BIT";
            case 15, 249, 250, 251, 252, 253, 254 -> "BLOB";
            default -> "OPAQUE";
        };
    }

    private MemorySegment lengthened(long at) throws BadValue {
        long length = 0;
        for (int i = 0; i < 5; i++) {
            long next = uint(at + i, 1);
            length |= (next & 0x7F) << (7 * i);
            if ((next & 0x80) == 0) {
                require(at + i + 1, length);
                return bytes.asSlice(at + i + 1, length);
            }
        }
        throw new BadValue("a JSON length of at most 5 bytes", "more");
    }

    private void quoted(MemorySegment utf8) throws BadValue {
        String text = new String(utf8.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        put("\"");
    }

    private void put(String text) throws BadValue {
        out.append(text);
        if (out.length() > textMax) {
            throw new BadValue("JSON of at most " + textMax + " characters", "more");
        }
    }

    private long uint(long at, int width) throws BadValue {
        require(at, width);
        return Numbers.little(bytes, at, width);
    }

    private void require(long at, long length) throws BadValue {
        if (at > end || length > end - at) {
            throw new BadValue("JSON that ends within its value", "an offset behind it");
        }
    }
}
