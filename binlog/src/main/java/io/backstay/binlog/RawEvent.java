package io.backstay.binlog;

import java.lang.foreign.MemorySegment;

/// One event as bytes, the way a server sent it, with what its header says.
public final class RawEvent {
    private final byte[] bytes;
    private final EventHeader header;
    private final ChecksumAlgorithm checksum;
    private final EventOrigin origin;

    private RawEvent(
            byte[] bytes, EventHeader header, ChecksumAlgorithm checksum, EventOrigin origin) {
        this.bytes = bytes;
        this.header = header;
        this.checksum = checksum;
        this.origin = origin;
    }

    /// The whole event, header and checksum included; owned by the receiver.
    public byte[] bytes() {
        return bytes;
    }

    public EventHeader header() {
        return header;
    }

    /// What the event ends with.
    public ChecksumAlgorithm checksum() {
        return checksum;
    }

    /// Of the source that it came from, by the source's name.
    public String file() {
        return origin.file();
    }

    EventOrigin origin() {
        return origin;
    }

    /// Takes an event apart and checks its length and checksum.
    ///
    /// @param checksum in force; a format description brings its own
    /// @throws DamagedBinlogException if the event contradicts itself
    public static RawEvent verified(byte[] bytes, ChecksumAlgorithm checksum, String file) {
        if (bytes.length < EventHeader.LENGTH) {
            throw DamagedBinlogException.tooShort(
                    new EventOrigin(file, 0), "EventHeader", EventHeader.LENGTH, bytes.length);
        }
        EventHeader header = EventHeader.decode(MemorySegment.ofArray(bytes), 0);
        return verified(
                bytes,
                checksum,
                new EventOrigin(file, Math.max(0, header.nextPosition() - header.sizeBytes())));
    }

    /// The same for an event whose place is known otherwise.
    static RawEvent verified(byte[] bytes, ChecksumAlgorithm checksum, EventOrigin origin) {
        MemorySegment segment = MemorySegment.ofArray(bytes);
        EventHeader header = EventHeader.decode(segment, 0);
        boolean isFormat = header.typeCode() == EventType.FORMAT_DESCRIPTION.code();
        int trailer = isFormat ? 4 : checksum.lengthBytes();
        if (header.sizeBytes() != bytes.length || bytes.length < EventHeader.LENGTH + trailer) {
            throw DamagedBinlogException.tooShort(
                    origin, "EventHeader.sizeBytes", header.sizeBytes(), bytes.length);
        }
        ChecksumAlgorithm actual =
                isFormat
                        ? FormatDescriptionEvent.decode(
                                        new EventBody(
                                                segment,
                                                origin,
                                                EventHeader.LENGTH,
                                                bytes.length - trailer))
                                .checksum()
                        : checksum;
        if (actual == ChecksumAlgorithm.CRC32) {
            long stored = segment.get(EventHeader.INT32, bytes.length - 4) & 0xFFFF_FFFFL;
            long expected = new EventChecksum(segment).expected(0, bytes.length - 4, isFormat);
            if (stored != expected) {
                throw new DamagedBinlogException(
                        origin, "checksum", "%08x".formatted(expected), "%08x".formatted(stored));
            }
        }
        return new RawEvent(bytes, header, actual, origin);
    }

    /// @throws io.backstay.doors.Problem for a number that no known server writes
    public EventType type() {
        return EventType.find(header.typeCode())
                .orElseThrow(
                        () ->
                                new io.backstay.doors.Problem(
                                        io.backstay.doors.ErrorCode.UNSUPPORTED,
                                        "an event in %s is of the unknown type %d"
                                                .formatted(origin.file(), header.typeCode()),
                                        "the server is newer than this program; update it."));
    }

    /// [#decode(Flavour)] for MariaDB.
    public BinlogEvent decode() {
        return decode(Flavour.MARIADB);
    }

    /// The event as its record. Row images of a [RowsEvent] are offsets in [#bytes].
    public BinlogEvent decode(Flavour flavour) {
        int end =
                bytes.length
                        - (type() == EventType.FORMAT_DESCRIPTION ? 4 : checksum.lengthBytes());
        return EventDecoder.decode(
                type(),
                new EventBody(MemorySegment.ofArray(bytes), origin, EventHeader.LENGTH, end),
                header,
                flavour,
                end);
    }
}
