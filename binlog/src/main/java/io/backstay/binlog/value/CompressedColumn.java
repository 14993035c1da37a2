package io.backstay.binlog.value;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// A value of a MariaDB column declared COMPRESSED.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 1 | 0: the rest is the value; else method in the high four bits (8: zlib), bit 3: without the zlib head and check, bytes of the next field in bits 0 to 2 |
/// | 1 | 1 to 4 | length of the value, bytes, big endian |
/// | then | rest | compressed value |
///
/// No byte at all is an empty value. Source: MariaDB source, `field_comp.cc`.
final class CompressedColumn {
    private static final int ZLIB = 8;
    private static final long VALUE_BYTES_MAX = 1L << 30;
    private static final int CHUNK = 1 << 14;

    private CompressedColumn() {}

    /// @throws BadValue if it is no such value
    static MemorySegment value(MemorySegment s, long at, int length) throws BadValue {
        if (length == 0) {
            return MemorySegment.ofArray(new byte[0]);
        }
        int head = (int) Numbers.little(s, at, 1);
        if (head == 0) {
            return s.asSlice(at + 1, length - 1);
        }
        int lengthBytes = head & 0x07;
        if (head >> 4 != ZLIB || lengthBytes < 1 || lengthBytes > 4 || length < 1 + lengthBytes) {
            throw new BadValue("a compressed value", "one that begins with %02x".formatted(head));
        }
        long wanted = Numbers.big(s, at + 1, lengthBytes);
        if (wanted > VALUE_BYTES_MAX) {
            throw new BadValue("at most 1 GiB", wanted + " bytes");
        }
        byte[] packed =
                s.asSlice(at + 1 + lengthBytes, length - 1 - lengthBytes)
                        .toArray(ValueLayout.JAVA_BYTE);
        return MemorySegment.ofArray(inflate(packed, (head & 0x08) != 0, wanted));
    }

    private static byte[] inflate(byte[] packed, boolean isBare, long wanted) throws BadValue {
        var out = new ByteArrayOutputStream((int) Math.min(wanted, CHUNK));
        byte[] chunk = new byte[CHUNK];
        try (Inflater inflater = new Inflater(isBare)) {
            inflater.setInput(packed);
            while (!inflater.finished() && out.size() <= wanted) {
                int count = inflater.inflate(chunk);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    break;
                }
                out.write(chunk, 0, count);
            }
            if (!inflater.finished() || out.size() != wanted) {
                throw new BadValue(wanted + " bytes of inflated value", out.size() + " bytes");
            }
        } catch (DataFormatException e) {
            throw new BadValue("a zlib stream", String.valueOf(e.getMessage()));
        }
        return out.toByteArray();
    }
}
