package io.backstay.binlog;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The events inside a [TransactionPayloadEvent], one by one: the only place that uses zstd.
///
/// They have no checksums of their own. At the end, their lengths add up to what the payload's head
/// announced. Close it.
final class PayloadEvents implements AutoCloseable {
    private static final String KIND = "TransactionPayloadEvent.payload";

    private final LoggedEvent payload;
    private final TransactionPayloadEvent head;
    private final InputStream in;
    private final EventStream events;
    private long left;

    PayloadEvents(LoggedEvent payload, TransactionPayloadEvent head) {
        this.payload = payload;
        this.head = head;
        InputStream packed =
                new SegmentStream(payload.bytes(), head.payloadOffset(), head.payloadEnd());
        try {
            this.in = head.isCompressed() ? new ZstdInputStream(packed) : packed;
        } catch (IOException e) {
            throw damaged("a zstd stream", String.valueOf(e.getMessage()));
        }
        this.events = new EventStream(in, KIND);
        this.left = head.eventsBytes();
    }

    Optional<LoggedEvent> next() {
        return nextRaw()
                .map(
                        event ->
                                LoggedEvent.of(
                                        payload.origin(),
                                        payload.endOffset(),
                                        event.header(),
                                        event.type(),
                                        event.decode(Flavour.MYSQL),
                                        MemorySegment.ofArray(event.bytes()),
                                        true));
    }

    /// The next event as it is, without a checksum.
    Optional<RawEvent> nextRaw() {
        byte[] bytes = events.next(payload.origin(), left);
        if (bytes.length == 0) {
            if (left != 0) {
                throw damaged(
                        DamagedBinlogException.bytes(head.eventsBytes()) + " of events",
                        Long.toString(head.eventsBytes() - left));
            }
            return Optional.empty();
        }
        left -= bytes.length;
        RawEvent event = RawEvent.verified(bytes, ChecksumAlgorithm.NONE, payload.origin());
        if (event.type() == EventType.TRANSACTION_PAYLOAD
                || event.type() == EventType.FORMAT_DESCRIPTION) {
            throw damaged("events of a transaction", event.type().name());
        }
        return Optional.of(event);
    }

    private DamagedBinlogException damaged(String expected, String found) {
        return new DamagedBinlogException(payload.origin(), KIND, expected, found);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
