package io.backstay.recovery.intake;

import java.util.Arrays;

/// One literal's bytes while its quotes, escapes or digits are undone. One thread; owns the array
/// it shows.
final class LiteralBytes {
    private byte[] bytes = new byte[1 << 12];
    private int length;

    void clear() {
        length = 0;
    }

    void put(byte b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = b;
    }

    /// @param b what follows a backslash
    void putEscaped(byte b) {
        switch (b) {
            case '0' -> put((byte) 0);
            case 'b' -> put((byte) 8);
            case 'n' -> put((byte) '\n');
            case 'r' -> put((byte) '\r');
            case 't' -> put((byte) '\t');
            case 'Z' -> put((byte) 26);
            case '%', '_' -> {
                put((byte) '\\');
                put(b);
            }
            default -> put(b);
        }
    }

    /// Bytes out of digits, most significant first, filled up with zeros in front.
    ///
    /// @param radix 16 or 2
    void setDigits(byte[] digits, int from, int count, int radix) {
        int perByte = radix == 16 ? 2 : 8;
        length = 0;
        int code = 0;
        for (int i = 0; i < count; i++) {
            code = code * radix + Character.digit(digits[from + i], radix);
            if ((count - i - 1) % perByte == 0) {
                put((byte) code);
                code = 0;
            }
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
