package io.backstay.binlog;

import java.lang.foreign.MemorySegment;

/// One event as its record, with its place and the bytes that its row images are in.
///
/// @param origin where it begins in its file; of an event inside a payload, where the payload's
///   event begins
/// @param endOffset behind it in the file; of an event inside a payload, behind the payload's event
/// @param bytes what the offsets of a [RowsEvent] count in; valid until the next event is read and
///   while the file is open
/// @param isFromPayload it came out of a [TransactionPayloadEvent]
public record LoggedEvent(
        EventOrigin origin,
        long endOffset,
        EventHeader header,
        EventType type,
        BinlogEvent event,
        MemorySegment bytes,
        boolean isFromPayload) {

    /// Inflates the row images of MariaDB's compressed events.
    static LoggedEvent of(
            EventOrigin origin,
            long endOffset,
            EventHeader header,
            EventType type,
            BinlogEvent event,
            MemorySegment bytes,
            boolean isFromPayload) {
        if (event instanceof RowsEvent rows && CompressedEvents.plain(type.code()).isPresent()) {
            byte[] images =
                    CompressedRecord.inflate(
                            new EventBody(bytes, origin, rows.imagesOffset(), rows.imagesEnd()),
                            "RowsEvent.images");
            return new LoggedEvent(
                    origin,
                    endOffset,
                    header,
                    type,
                    rows.withImages(0, images.length),
                    MemorySegment.ofArray(images),
                    isFromPayload);
        }
        return new LoggedEvent(origin, endOffset, header, type, event, bytes, isFromPayload);
    }
}
