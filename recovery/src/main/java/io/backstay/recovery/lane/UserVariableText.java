package io.backstay.recovery.lane;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A user variable's logged value as an SQL literal.
final class UserVariableText {
    private static final int[] REST_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

    private UserVariableText() {}

    /// @param type 1 DOUBLE, 2 integer, 4 DECIMAL (precision and scale, a byte each, then packed);
    ///   text is the caller's
    static String of(int type, byte[] value, boolean isUnsigned) {
        return switch (type) {
            case 0 -> "";
            case 1 -> {
                double number = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getDouble();
                String text = Double.toString(number);
                yield text.contains("E") ? text : text + "e0";
            }
            case 2 -> {
                long number = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
                yield isUnsigned
                        ? "CAST(" + Long.toUnsignedString(number) + " AS UNSIGNED)"
                        : number == Long.MIN_VALUE
                                ? "CAST('-9223372036854775808' AS SIGNED)"
                                : Long.toString(number);
            }
            case 4 -> decimal(value);
            default -> throw new IllegalArgumentException("user variable of the type " + type);
        };
    }

    /// Source: MySQL source, `decimal2bin`: nine digits in four bytes, the first bit inverted, all
    /// bits of a negative number.
    private static String decimal(byte[] value) {
        int precision = value[0];
        int scale = value[1];
        boolean isNegative = (value[2] & 0x80) == 0;
        byte[] packed = new byte[value.length - 2];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = (byte) (isNegative ? ~value[i + 2] : value[i + 2]);
        }
        packed[0] ^= (byte) 0x80;
        int whole = precision - scale;
        var digits = new StringBuilder();
        int at = 0;
        at = group(packed, at, whole % 9, digits);
        for (int i = 0; i < whole / 9; i++) {
            at = group(packed, at, 9, digits);
        }
        for (int i = 0; i < scale / 9; i++) {
            at = group(packed, at, 9, digits);
        }
        group(packed, at, scale % 9, digits);
        var number =
                new BigDecimal(new BigInteger(digits.isEmpty() ? "0" : digits.toString()), scale);
        return (isNegative ? number.negate() : number).toPlainString();
    }

    private static int group(byte[] packed, int at, int digits, StringBuilder out) {
        int bytes = REST_BYTES[digits];
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (packed[at + i] & 0xFF);
        }
        if (digits > 0) {
            out.append(("%0" + digits + "d").formatted(value));
        }
        return at + bytes;
    }
}
