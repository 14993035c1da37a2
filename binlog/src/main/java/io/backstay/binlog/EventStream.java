package io.backstay.binlog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;

/// Whole events read one by one from a stream that is decrypted or decompressed on the way.
///
/// Memory grows with the bytes that really come, never with the length that an event announces.
final class EventStream {
    /// The longest event: a row image can hold no more than the longest packet, with its header.
    private static final long EVENT_BYTES_MAX = (1L << 30) + (1 << 20);

    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final String kind;

    /// @param kind what the stream is, for errors: `TransactionPayloadEvent.payload`
    EventStream(InputStream in, String kind) {
        this.in = in;
        this.kind = kind;
    }

    /// The next event's bytes; none at the end of the stream.
    ///
    /// @param bytesMax more cannot be left
    byte[] next(EventOrigin origin, long bytesMax) {
        byte[] head = read(origin, EventHeader.LENGTH);
        if (head.length == 0) {
            return head;
        }
        if (head.length < EventHeader.LENGTH) {
            throw new TruncatedBinlogException(
                    origin, kind + ".EventHeader", EventHeader.LENGTH, head.length);
        }
        long size = EventHeader.decode(MemorySegment.ofArray(head), 0).sizeBytes();
        long limit = Math.min(bytesMax, EVENT_BYTES_MAX);
        if (size < EventHeader.LENGTH || size > limit) {
            throw new DamagedBinlogException(
                    origin,
                    kind + ".EventHeader.sizeBytes",
                    EventHeader.LENGTH + " to " + limit,
                    Long.toString(size));
        }
        byte[] rest = read(origin, size - EventHeader.LENGTH);
        if (rest.length < size - EventHeader.LENGTH) {
            throw new TruncatedBinlogException(
                    origin,
                    kind + ".EventHeader.sizeBytes",
                    size,
                    EventHeader.LENGTH + rest.length);
        }
        byte[] event = new byte[(int) size];
        System.arraycopy(head, 0, event, 0, head.length);
        System.arraycopy(rest, 0, event, head.length, rest.length);
        return event;
    }

    /// Fewer only at the end of the stream.
    byte[] read(EventOrigin origin, long count) {
        try {
            if (count <= CHUNK) {
                return in.readNBytes((int) count);
            }
            var out = new ByteArrayOutputStream(CHUNK);
            while (out.size() < count) {
                byte[] chunk = in.readNBytes((int) Math.min(CHUNK * 16L, count - out.size()));
                if (chunk.length == 0) {
                    break;
                }
                out.writeBytes(chunk);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new DamagedBinlogException(
                    origin, kind, "readable data", String.valueOf(e.getMessage()));
        }
    }
}
