package io.backstay.binlog;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// The check of one event's CRC32, which stands in its last four bytes, little endian, over all
/// bytes before it.
///
/// In a format description event the flag "in use" counts as unset: the server clears it in place
/// when it closes the file.
final class EventChecksum {
    private final CRC32 crc = new CRC32();

    /// @param file the bytes; its position and limit are moved
    /// @return the checksum the event should end with
    long expected(ByteBuffer file, int from, int lengthBytes, boolean isFormatDescription) {
        crc.reset();
        if (isFormatDescription) {
            byte[] event = new byte[lengthBytes];
            file.limit(from + lengthBytes).position(from);
            file.get(event);
            event[17] &= ~EventHeader.FLAG_IN_USE;
            crc.update(event);
        } else {
            file.limit(from + lengthBytes).position(from);
            crc.update(file);
        }
        return crc.getValue();
    }
}
