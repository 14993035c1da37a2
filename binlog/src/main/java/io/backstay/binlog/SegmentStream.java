package io.backstay.binlog;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A stretch of a segment as a stream. Not safe for use by several threads.
final class SegmentStream extends InputStream {
    private final MemorySegment bytes;
    private final long end;
    private long at;

    SegmentStream(MemorySegment bytes, long from, long end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    @Override
    public int read() {
        return at == end ? -1 : bytes.get(ValueLayout.JAVA_BYTE, at++) & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (at == end) {
            return length == 0 ? 0 : -1;
        }
        int count = (int) Math.min(length, end - at);
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, target, offset, count);
        at += count;
        return count;
    }
}
