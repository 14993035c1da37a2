package io.backstay.binlog;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cursor over the events of one stretch of binary log, in place.
///
/// The stretch begins with the four bytes `0xFE bin` of a file or right with an event; the first
/// event is a format description. [#next] moves to the next event and checks its length and its
/// CRC32; only then the other methods answer, for the event it stands on. Nothing is copied or
/// decoded unasked. At most 2 GiB. Not safe for use by several threads.
public final class BinlogReader {
    static final int MAGIC = 0x6E69_62FE;
    private static final String FILE_HINT =
            "give a binary log file of MySQL 5.6 to 9.7 or MariaDB 10.11 to 11.8, as the server wrote it;"
                    + " a newer server's may need a newer program.";

    private final MemorySegment bytes;
    private final String file;
    private final boolean isChecked;
    private final EventChecksum checksum;
    private @Nullable FormatDescriptionEvent format;
    private long offset;
    private long size;
    private int typeCode;
    private @Nullable EventType type;

    /// @param file the name that errors give
    public BinlogReader(MemorySegment bytes, String file) {
        this(bytes, file, false);
    }

    /// Of bytes whose checksums another reader looks at: events' lengths are checked, not their
    /// CRC32.
    public static BinlogReader ofChecked(MemorySegment bytes, String file) {
        return new BinlogReader(bytes, file, true);
    }

    private BinlogReader(MemorySegment bytes, String file, boolean isChecked) {
        if (bytes.byteSize() > Integer.MAX_VALUE) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "%s has %d bytes, more than 2 GiB".formatted(file, bytes.byteSize()),
                    "set max_binlog_size to at most 1 GiB and keep transactions below that.");
        }
        if (bytes.byteSize() >= 4 && bytes.get(EventHeader.INT32, 0) == EncryptedFile.MAGIC) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "%s is encrypted by its MySQL server".formatted(file),
                    "stream the log from the server, which sends it clear: `backstay stream`.");
        }
        this.bytes = bytes;
        this.isChecked = isChecked;
        this.checksum = new EventChecksum(bytes);
        this.file = file;
        boolean hasMagic = bytes.byteSize() >= 4 && bytes.get(EventHeader.INT32, 0) == MAGIC;
        this.offset = hasMagic ? 4 : 0;
    }

    /// Moves to the next event.
    ///
    /// @return false at the end; a stretch may end behind any event
    /// @throws TruncatedBinlogException if the bytes end inside an event
    /// @throws DamagedBinlogException if an event contradicts the format or its checksum
    public boolean next() {
        long at = offset + size;
        long left = bytes.byteSize() - at;
        if (left == 0) {
            return false;
        }
        offset = at;
        if (left < EventHeader.LENGTH) {
            throw new TruncatedBinlogException(origin(), "EventHeader", EventHeader.LENGTH, left);
        }
        size = bytes.get(EventHeader.INT32, at + 9) & 0xFFFF_FFFFL;
        typeCode = bytes.get(ValueLayout.JAVA_BYTE, at + 4) & 0xFF;
        type = EventType.find(typeCode).orElse(null);
        if (size < EventHeader.LENGTH + trailer()) {
            throw new DamagedBinlogException(
                    origin(),
                    "EventHeader.sizeBytes",
                    "at least " + (EventHeader.LENGTH + trailer()),
                    Long.toString(size));
        }
        if (size > left) {
            throw new TruncatedBinlogException(origin(), "EventHeader.sizeBytes", size, left);
        }
        if (type == EventType.FORMAT_DESCRIPTION) {
            readFormat();
        } else if (format == null) {
            throw new DamagedBinlogException(
                    origin(),
                    "EventHeader.typeCode",
                    "a format description first",
                    "type " + typeCode);
        } else if (!isChecked && format.checksum() == ChecksumAlgorithm.CRC32) {
            verifyChecksum(false);
        }
        return true;
    }

    private void readFormat() {
        FormatDescriptionEvent read =
                FormatDescriptionEvent.decode(
                        new EventBody(bytes, origin(), bodyOffset(), bodyEnd()));
        if (read.checksum() == ChecksumAlgorithm.CRC32) {
            verifyChecksum(true);
        }
        format = read;
    }

    private void verifyChecksum(boolean isFormatDescription) {
        long stored = bytes.get(EventHeader.INT32, offset + size - 4) & 0xFFFF_FFFFL;
        long expected = checksum.expected((int) offset, (int) size - 4, isFormatDescription);
        if (stored != expected) {
            throw new DamagedBinlogException(
                    origin(), "checksum", "%08x".formatted(expected), "%08x".formatted(stored));
        }
    }

    private int trailer() {
        if (type == EventType.FORMAT_DESCRIPTION) {
            return ChecksumAlgorithm.CRC32.lengthBytes();
        }
        return format == null ? 0 : format.checksum().lengthBytes();
    }

    public MemorySegment bytes() {
        return bytes;
    }

    public String file() {
        return file;
    }

    /// Of the event's first byte in [#bytes].
    public long offset() {
        return offset;
    }

    /// Of the whole event, with header and checksum.
    public long sizeBytes() {
        return size;
    }

    /// Of the first byte behind the header.
    public long bodyOffset() {
        return offset + EventHeader.LENGTH;
    }

    /// Behind the last byte before the checksum.
    public long bodyEnd() {
        return offset + size - trailer();
    }

    public EventOrigin origin() {
        return new EventOrigin(file, offset);
    }

    public EventHeader header() {
        return EventHeader.decode(bytes, offset);
    }

    public long serverId() {
        return bytes.get(EventHeader.INT32, offset + 5) & 0xFFFF_FFFFL;
    }

    public int typeCode() {
        return typeCode;
    }

    /// Empty for a number that no known server writes.
    public Optional<EventType> findType() {
        return Optional.ofNullable(type);
    }

    /// @throws Problem for a number that no known server writes
    public EventType type() {
        if (type == null) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "the event at %s is of the unknown type %d".formatted(origin(), typeCode),
                    FILE_HINT);
        }
        return type;
    }

    /// The stretch's format description, from its first event on.
    public FormatDescriptionEvent format() {
        if (format == null) {
            throw new IllegalStateException("next() was not called");
        }
        return format;
    }

    /// The event as its record. Costs an object; rows are left in place.
    public BinlogEvent decode() {
        return EventDecoder.decode(
                type(),
                new EventBody(bytes, origin(), bodyOffset(), bodyEnd()),
                header(),
                format().flavour(),
                bodyEnd());
    }
}
