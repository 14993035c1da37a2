package io.backstay.binlog;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The first bytes of every event.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 | `timestampSeconds`, Unix time at which the statement began; 0 in artificial events |
/// | 4 | 1 | `typeCode`, see [EventType] |
/// | 5 | 4 | `serverId` of the server on which the change was made |
/// | 9 | 4 | `sizeBytes` of the whole event, header and checksum included |
/// | 13 | 4 | `nextPosition`, end of the event in its own server's file, modulo 2^32; 0 inside
///   transactions from MariaDB 11.4 on |
/// | 17 | 2 | `flags` |
///
/// Source: MySQL internals manual, "Event Header"; MariaDB knowledge base, "2-Binlog Event Header".
public record EventHeader(
        long timestampSeconds,
        int typeCode,
        long serverId,
        long sizeBytes,
        long nextPosition,
        int flags) {
    /// Bytes.
    public static final int LENGTH = 19;

    /// In a format description event: the file is being written, or its server died while it was.
    public static final int FLAG_IN_USE = 0x1;

    /// The statement used what only its session has: a temporary table, its number, its locks.
    public static final int FLAG_THREAD_SPECIFIC = 0x4;

    /// Made up by the sending server; it is in no file.
    public static final int FLAG_ARTIFICIAL = 0x20;

    static final ValueLayout.OfInt INT32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort INT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The caller has made sure that [#LENGTH] bytes are there.
    static EventHeader decode(MemorySegment bytes, long at) {
        return new EventHeader(
                bytes.get(INT32, at) & 0xFFFF_FFFFL,
                bytes.get(ValueLayout.JAVA_BYTE, at + 4) & 0xFF,
                bytes.get(INT32, at + 5) & 0xFFFF_FFFFL,
                bytes.get(INT32, at + 9) & 0xFFFF_FFFFL,
                bytes.get(INT32, at + 13) & 0xFFFF_FFFFL,
                bytes.get(INT16, at + 17) & 0xFFFF);
    }

    /// Whether the sending server made the event up: it is in no file and takes no place in one.
    public boolean isArtificial() {
        return (flags & FLAG_ARTIFICIAL) != 0
                || (nextPosition == 0 && typeCode == EventType.FORMAT_DESCRIPTION.code());
    }
}
