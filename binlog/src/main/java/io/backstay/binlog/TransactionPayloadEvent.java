package io.backstay.binlog;

/// The events of a MySQL transaction, compressed together; its GTID event stands before.
///
/// A list of fields, each a packed kind, a packed length and a packed value, ended by the kind 0;
/// then the payload:
///
/// | Kind | Value |
/// | --- | --- |
/// | 1 | length of the payload, bytes |
/// | 2 | compression: 0 zstd, 255 none |
/// | 3 | length of what comes out, bytes; missing if uncompressed |
///
/// The payload is one or several zstd frames of whole events without checksums, each ending where
/// the next begins. Source: MySQL source, `Transaction_payload_event`, codecs of
/// `libs/mysql/binlog/event/codecs/binary.cpp`.
///
/// @param isCompressed by zstd
/// @param eventsBytes of the events inside
/// @param payloadOffset of its first byte in the reader's bytes
/// @param payloadEnd behind its last
public record TransactionPayloadEvent(
        boolean isCompressed, long eventsBytes, long payloadOffset, long payloadEnd)
        implements BinlogEvent {
    private static final int ZSTD = 0;
    private static final int NONE = 255;

    static TransactionPayloadEvent decode(EventBody body, long bodyEnd) {
        long payload = -1;
        long compression = -1;
        long original = -1;
        for (long kind = kind(body); kind != 0; kind = kind(body)) {
            long length = body.packedInteger("TransactionPayloadEvent.fieldLength");
            if (kind >= 1 && kind <= 3) {
                long left = body.remaining();
                long value = body.packedInteger("TransactionPayloadEvent.field");
                if (left - body.remaining() != length) {
                    throw body.damaged(
                            "TransactionPayloadEvent.fieldLength",
                            Long.toString(left - body.remaining()),
                            Long.toUnsignedString(length));
                }
                switch ((int) kind) {
                    case 1 -> payload = value;
                    case 2 -> compression = value;
                    default -> original = value;
                }
            } else {
                body.skip("TransactionPayloadEvent.field", length);
            }
        }
        if (compression != ZSTD && compression != NONE) {
            throw body.damaged(
                    "TransactionPayloadEvent.compression",
                    "0 (zstd) or 255 (none)",
                    Long.toString(compression));
        }
        if (payload != body.remaining()) {
            throw body.damaged(
                    "TransactionPayloadEvent.payloadBytes",
                    Long.toString(body.remaining()),
                    Long.toString(payload));
        }
        return new TransactionPayloadEvent(
                compression == ZSTD,
                compression == ZSTD ? original : payload,
                bodyEnd - body.remaining(),
                bodyEnd);
    }

    private static long kind(EventBody body) {
        return body.packedInteger("TransactionPayloadEvent.fieldKind");
    }
}
