package io.backstay.binlog;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// MariaDB's compressed part of an event.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 1 | `0x80`, algorithm in bits 4 to 6 (0: zlib), bytes of the next field in bits 0 to 2 |
/// | 1 | 1 to 4 | length of the original, bytes, big endian |
/// | then | rest | zlib stream |
///
/// Source: MariaDB source, `binlog_buf_compress` of `log_event.cc`.
final class CompressedRecord {
    /// An original that is longer than the longest packet a server can take is damage.
    private static final long ORIGINAL_BYTES_MAX = 1L << 30;

    private static final int CHUNK = 1 << 16;

    private CompressedRecord() {}

    /// The rest of the body. Memory grows with what really comes out, never with what is announced.
    static byte[] inflate(EventBody body, String field) {
        int head = body.uint8(field);
        if ((head & 0xF0) != 0x80 || (head & 0x07) < 1 || (head & 0x07) > 4) {
            throw body.damaged(
                    field, "a compressed record of the kind zlib", "%02x".formatted(head));
        }
        long length = 0;
        for (int i = 0; i < (head & 0x07); i++) {
            length = length << 8 | body.uint8(field);
        }
        if (length > ORIGINAL_BYTES_MAX) {
            throw body.damaged(field, "at most 1 GiB", DamagedBinlogException.bytes(length));
        }
        return inflate(body, field, body.bytes(field, body.remaining()), length);
    }

    private static byte[] inflate(EventBody body, String field, byte[] packed, long length) {
        var out = new ByteArrayOutputStream((int) Math.min(length, CHUNK));
        byte[] chunk = new byte[CHUNK];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(packed);
            while (!inflater.finished() && out.size() <= length) {
                int count = inflater.inflate(chunk);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    break;
                }
                out.write(chunk, 0, count);
            }
            if (!inflater.finished() || out.size() != length) {
                throw body.damaged(
                        field,
                        DamagedBinlogException.bytes(length) + " of inflated data",
                        inflater.finished() || out.size() > length
                                ? Long.toString(out.size())
                                : "a stream that ends after " + out.size());
            }
        } catch (DataFormatException e) {
            throw body.damaged(field, "a zlib stream", String.valueOf(e.getMessage()));
        }
        return out.toByteArray();
    }
}
