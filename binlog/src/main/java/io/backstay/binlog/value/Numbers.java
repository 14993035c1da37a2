package io.backstay.binlog.value;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/// Numbers in row images: integers of any width in both byte orders, and floating ones as the
/// shortest text that gives the same bits again.
final class Numbers {
    private Numbers() {}

    /// Unsigned, of up to eight bytes, the first one lowest.
    static long little(MemorySegment s, long at, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | (s.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF);
        }
        return value;
    }

    /// Unsigned, of up to eight bytes, the first one highest.
    static long big(MemorySegment s, long at, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | (s.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF);
        }
        return value;
    }

    static long signExtended(long value, int bytes) {
        int unused = 64 - 8 * bytes;
        return value << unused >> unused;
    }

    static String floating(float value) {
        return shortened(Float.toString(value));
    }

    static String floating(double value) {
        return shortened(Double.toString(value));
    }

    /// `1.0` to `1`, `1.5E10` to `1.5e10`.
    private static String shortened(String text) {
        return text.replace(".0E", "E").replaceFirst("\\.0$", "").toLowerCase(Locale.ROOT);
    }
}
