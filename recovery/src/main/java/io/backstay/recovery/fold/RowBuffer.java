package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes of one row while they are put together, as LOAD DATA text or as a key. One thread.
///
/// LOAD DATA text: fields between tabs, `\N` for NULL, and a backslash before `\`, `t`, `n`, `r`,
/// `0` for backslash, tab, line feed, carriage return and the zero byte.
final class RowBuffer {
    private static final byte[] ESCAPES = new byte[256];

    static {
        ESCAPES['\\'] = '\\';
        ESCAPES['\t'] = 't';
        ESCAPES['\n'] = 'n';
        ESCAPES['\r'] = 'r';
        ESCAPES[0] = '0';
    }

    private byte[] bytes = new byte[1 << 12];
    private int length;

    void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void length(int newLength) {
        length = newLength;
    }

    void put(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    void putNull() {
        put('\\');
        put('N');
    }

    void putAscii(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        putRaw(ascii, 0, ascii.length);
    }

    void putRaw(byte[] value, int from, int count) {
        room(count);
        System.arraycopy(value, from, bytes, length, count);
        length += count;
    }

    void putRaw(MemorySegment segment, long from, int count) {
        room(count);
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, bytes, length, count);
        length += count;
    }

    void putBigEndian(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            put((int) (value >>> shift));
        }
    }

    /// Puts `FF` behind each zero byte from there on.
    void escapeZeros(int from) {
        int zeros = 0;
        for (int i = from; i < length; i++) {
            zeros += bytes[i] == 0 ? 1 : 0;
        }
        if (zeros == 0) {
            return;
        }
        room(zeros);
        int to = length + zeros - 1;
        for (int i = length - 1; i >= from; i--) {
            if (bytes[i] == 0) {
                bytes[to--] = (byte) 0xFF;
            }
            bytes[to--] = bytes[i];
        }
        length += zeros;
    }

    void putInt64(long value) {
        for (int i = 0; i < 8; i++) {
            put((int) (value >>> (8 * i)));
        }
    }

    void putInt32(int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }

    void putDecimal(long value) {
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                putAscii("-9223372036854775808");
                return;
            }
            put('-');
            value = -value;
        }
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        putDigits(value, digits);
    }

    /// Exactly so many digits, zeros in front.
    void putDigits(long value, int digits) {
        room(digits);
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + value % 10);
            value /= 10;
        }
        length += digits;
    }

    /// Escapes what was put behind `from`.
    void escape(int from) {
        int extra = 0;
        for (int i = from; i < length; i++) {
            if (ESCAPES[bytes[i] & 0xFF] != 0) {
                extra++;
            }
        }
        if (extra == 0) {
            return;
        }
        room(extra);
        int to = length + extra;
        for (int i = length - 1; i >= from; i--) {
            byte escaped = ESCAPES[bytes[i] & 0xFF];
            bytes[--to] = escaped != 0 ? escaped : bytes[i];
            if (escaped != 0) {
                bytes[--to] = '\\';
            }
        }
        length += extra;
    }

    /// Takes one field of LOAD DATA text back to its value.
    void putUnescaped(byte[] text, int from, int to) {
        room(to - from);
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (b == '\\' && i + 1 < to) {
                b = unescaped(text[++i]);
            }
            bytes[length++] = b;
        }
    }

    private static byte unescaped(byte b) {
        return switch (b) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case '0' -> 0;
            case 'b' -> '\b';
            case 'Z' -> 0x1A;
            default -> b;
        };
    }

    private void room(int count) {
        if (bytes.length - length < count + 1) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count + 1));
        }
    }
}
