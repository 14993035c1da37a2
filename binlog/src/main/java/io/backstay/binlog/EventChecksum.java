package io.backstay.binlog;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// The check of one event's CRC32, which stands in its last four bytes, little endian, over all
/// bytes before it.
///
/// In a format description event the flag "in use" counts as unset: the server clears it in place
/// when it closes the file.
final class EventChecksum {
    private static final int COPY_BYTES = 1 << 12;

    private final CRC32 crc = new CRC32();
    private final MemorySegment bytes;
    private final ByteBuffer file;

    /// Of small events: a copy costs less than handing mapped memory to [CRC32] each time.
    private byte[] copy = {};

    EventChecksum(MemorySegment bytes) {
        this.bytes = bytes;
        this.file = bytes.asByteBuffer();
    }

    /// @return the checksum the event should end with
    long expected(int from, int lengthBytes, boolean isFormatDescription) {
        crc.reset();
        if (isFormatDescription) {
            byte[] event = new byte[lengthBytes];
            file.limit(from + lengthBytes).position(from);
            file.get(event);
            event[17] &= ~EventHeader.FLAG_IN_USE;
            crc.update(event);
        } else if (bytes.isNative() && lengthBytes <= COPY_BYTES) {
            if (copy.length == 0) {
                copy = new byte[COPY_BYTES];
            }
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, copy, 0, lengthBytes);
            crc.update(copy, 0, lengthBytes);
        } else {
            file.limit(from + lengthBytes).position(from);
            crc.update(file);
        }
        return crc.getValue();
    }
}
