package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Numbers of 1 to 8 bytes out of a segment, in either byte order, unsigned.
final class Bytes {
    private static final ValueLayout.OfInt INT32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong INT64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort INT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Bytes() {}

    static int uint8(MemorySegment s, long at) {
        return s.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }

    static long little(MemorySegment s, long at, int lengthBytes) {
        return switch (lengthBytes) {
            case 1 -> uint8(s, at);
            case 2 -> s.get(INT16, at) & 0xFFFF;
            case 3 -> (s.get(INT16, at) & 0xFFFF) | (uint8(s, at + 2) << 16);
            case 4 -> s.get(INT32, at) & 0xFFFF_FFFFL;
            case 6 -> (s.get(INT32, at) & 0xFFFF_FFFFL) | (little(s, at + 4, 2) << 32);
            case 8 -> s.get(INT64, at);
            default -> {
                long value = 0;
                for (int i = lengthBytes - 1; i >= 0; i--) {
                    value = (value << 8) | uint8(s, at + i);
                }
                yield value;
            }
        };
    }

    static long big(MemorySegment s, long at, int lengthBytes) {
        long value = 0;
        for (int i = 0; i < lengthBytes; i++) {
            value = (value << 8) | uint8(s, at + i);
        }
        return value;
    }

    /// A little-endian number of so many bytes, its sign carried into the upper bits.
    static long signed(MemorySegment s, long at, int lengthBytes) {
        int shift = 64 - 8 * lengthBytes;
        return (little(s, at, lengthBytes) << shift) >> shift;
    }
}
