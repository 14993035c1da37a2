package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;

/// DECIMAL in its packed layout: nine digits in four bytes, fewer in 1 to 4, big endian, from the
/// point outwards; the first bit is inverted, and all bits of a negative number.
///
/// Source: MySQL source, `decimal2bin`.
final class DecimalText implements ColumnText {
    private static final int[] REST_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

    private final int wholeDigits;
    private final int fractionDigits;

    DecimalText(int precision, int scale) {
        wholeDigits = precision - scale;
        fractionDigits = scale;
    }

    @Override
    public void write(MemorySegment s, long at, int lengthBytes, RowBuffer out) {
        boolean isNegative = (Bytes.uint8(s, at) & 0x80) == 0;
        int start = out.length();
        if (isNegative) {
            out.put('-');
        }
        int digits = out.length();
        long from = at;
        int rest = wholeDigits % 9;
        if (rest > 0) {
            out.putDigits(group(s, from, REST_BYTES[rest], from == at, isNegative), rest);
            from += REST_BYTES[rest];
        }
        for (int i = 0; i < wholeDigits / 9; i++, from += 4) {
            out.putDigits(group(s, from, 4, from == at, isNegative), 9);
        }
        dropLeadingZeros(out, digits);
        if (fractionDigits > 0) {
            out.put('.');
            for (int i = 0; i < fractionDigits / 9; i++, from += 4) {
                out.putDigits(group(s, from, 4, from == at, isNegative), 9);
            }
            rest = fractionDigits % 9;
            if (rest > 0) {
                out.putDigits(group(s, from, REST_BYTES[rest], from == at, isNegative), rest);
            }
        }
        if (isNegative && isZero(out, digits)) {
            System.arraycopy(out.bytes(), digits, out.bytes(), start, out.length() - digits);
            out.length(out.length() - 1);
        }
    }

    private static long group(
            MemorySegment s, long at, int bytes, boolean isFirst, boolean isNegative) {
        long value = Bytes.big(s, at, bytes);
        long mask = (1L << (8 * bytes)) - 1;
        if (isFirst) {
            value ^= 1L << (8 * bytes - 1);
        }
        return isNegative ? value ^ mask : value;
    }

    private static void dropLeadingZeros(RowBuffer out, int digits) {
        int zeros = 0;
        while (digits + zeros < out.length() - 1 && out.bytes()[digits + zeros] == '0') {
            zeros++;
        }
        if (out.length() == digits) {
            out.put('0');
        }
        System.arraycopy(
                out.bytes(), digits + zeros, out.bytes(), digits, out.length() - digits - zeros);
        out.length(out.length() - zeros);
    }

    private static boolean isZero(RowBuffer out, int from) {
        for (int i = from; i < out.length(); i++) {
            if (out.bytes()[i] != '0' && out.bytes()[i] != '.') {
                return false;
            }
        }
        return true;
    }
}
