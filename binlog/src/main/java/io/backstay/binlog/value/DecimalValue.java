package io.backstay.binlog.value;

import java.lang.foreign.MemorySegment;

/// DECIMAL in its packed layout as text.
///
/// Nine digits take four bytes, fewer 1 to 4 bytes, big endian, counted outwards from the point.
/// The first bit is inverted, and all bits of a negative number. Source: MySQL source,
/// `decimal2bin`.
public final class DecimalValue {
    private static final int[] REST_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

    private final MemorySegment bytes;
    private final long from;
    private final boolean isNegative;
    private long at;

    private DecimalValue(MemorySegment bytes, long from) {
        this.bytes = bytes;
        this.from = from;
        this.at = from;
        this.isNegative = (Numbers.big(bytes, from, 1) & 0x80) == 0;
    }

    /// Bytes that a number of this precision and scale takes.
    static int lengthBytes(int precision, int scale) {
        int whole = precision - scale;
        return whole / 9 * 4 + REST_BYTES[whole % 9] + scale / 9 * 4 + REST_BYTES[scale % 9];
    }

    /// @param bytes as many as the number takes, checked by the caller
    /// @param from where they begin
    public static String text(MemorySegment bytes, long from, int precision, int scale) {
        return new DecimalValue(bytes, from).text(precision - scale, scale);
    }

    private String text(int whole, int scale) {
        var digits = new StringBuilder();
        group(digits, whole % 9);
        for (int i = 0; i < whole / 9; i++) {
            group(digits, 9);
        }
        var text = new StringBuilder(digits.toString().replaceFirst("^0+", ""));
        if (text.isEmpty()) {
            text.append('0');
        }
        if (scale > 0) {
            text.append('.');
            for (int i = 0; i < scale / 9; i++) {
                group(text, 9);
            }
            group(text, scale % 9);
        }
        boolean isZero = text.chars().allMatch(c -> c == '0' || c == '.');
        return isNegative && !isZero ? "-" + text : text.toString();
    }

    private void group(StringBuilder out, int digits) {
        int length = REST_BYTES[digits];
        if (length == 0) {
            return;
        }
        long value = Numbers.big(bytes, at, length);
        if (at == from) {
            value ^= 1L << (8 * length - 1);
        }
        if (isNegative) {
            value ^= (1L << (8 * length)) - 1;
        }
        String text = Long.toString(value);
        out.repeat("0", Math.max(0, digits - text.length())).append(text);
        at += length;
    }
}
