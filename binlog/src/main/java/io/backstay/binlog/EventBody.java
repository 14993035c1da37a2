package io.backstay.binlog;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.UUID;

/// The bytes of one event after its header and before its checksum, read front to back.
///
/// Every read names the field it is for, so that damage is reported as which field, of which event,
/// at which byte of which file. A view: it owns nothing and must not outlive the mapped segment.
/// Not safe for use by several threads.
public final class EventBody {
    private static final ValueLayout.OfLong INT64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;
    private final EventOrigin origin;
    private final long end;
    private long at;

    /// @param from offset of the body's first byte in `bytes`
    /// @param end offset behind its last byte
    EventBody(MemorySegment bytes, EventOrigin origin, long from, long end) {
        this.bytes = bytes;
        this.origin = origin;
        this.at = from;
        this.end = end;
    }

    EventOrigin origin() {
        return origin;
    }

    long remaining() {
        return end - at;
    }

    int uint8(String field) {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(field, 1)) & 0xFF;
    }

    int uint16(String field) {
        return (int) uint(field, 2);
    }

    long uint32(String field) {
        return bytes.get(INT32, advance(field, Integer.BYTES)) & 0xFFFF_FFFFL;
    }

    int uint24(String field) {
        return (int) uint(field, 3);
    }

    long uint48(String field) {
        return uint(field, 6);
    }

    long uint56(String field) {
        return uint(field, 7);
    }

    /// Sixteen bytes, the first one first in the text.
    UUID uuid(String field) {
        long high = Long.reverseBytes(uint64(field));
        return new UUID(high, Long.reverseBytes(uint64(field)));
    }

    /// Text up to a zero byte, which is read too.
    String zeroEndedText(String field, Charset charset) {
        long length = 0;
        while (length < remaining() && bytes.get(ValueLayout.JAVA_BYTE, at + length) != 0) {
            length++;
        }
        String text = text(field, length, charset);
        skip(field, 1);
        return text;
    }

    /// Unsigned: compare and print with the `Long.*Unsigned` methods.
    long uint64(String field) {
        return bytes.get(INT64, advance(field, Long.BYTES));
    }

    /// A length-encoded integer: one byte up to 250; 252, 253 and 254 announce 2, 3 and 8 bytes.
    long packedInteger(String field) {
        int first = uint8(field);
        return switch (first) {
            case 252 -> uint(field, 2);
            case 253 -> uint(field, 3);
            case 254 -> uint64(field);
            case 251, 255 ->
                    throw new DamagedBinlogException(
                            origin, field, "a packed integer", "its first byte " + first);
            default -> first;
        };
    }

    byte[] bytes(String field, long lengthBytes) {
        long from = advance(field, lengthBytes);
        return bytes.asSlice(from, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    String text(String field, long lengthBytes, Charset charset) {
        return new String(bytes(field, lengthBytes), charset);
    }

    void skip(String field, long lengthBytes) {
        advance(field, lengthBytes);
    }

    DamagedBinlogException damaged(String field, String expected, String found) {
        return new DamagedBinlogException(origin, field, expected, found);
    }

    private long uint(String field, int lengthBytes) {
        long from = advance(field, lengthBytes);
        long value = 0;
        for (int i = lengthBytes - 1; i >= 0; i--) {
            value = (value << 8) | (bytes.get(ValueLayout.JAVA_BYTE, from + i) & 0xFF);
        }
        return value;
    }

    private long advance(String field, long lengthBytes) {
        if (lengthBytes < 0 || lengthBytes > remaining()) {
            throw DamagedBinlogException.tooShort(origin, field, lengthBytes, remaining());
        }
        long from = at;
        at += lengthBytes;
        return from;
    }
}
