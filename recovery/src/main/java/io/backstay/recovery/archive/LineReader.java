package io.backstay.recovery.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Lines of bytes, each ended by one line feed, without an object for each. One thread; owns the
/// buffer it shows, which the next [#next] may overwrite.
public final class LineReader {
    private final InputStream in;
    private byte[] buffer = new byte[1 << 18];
    private int from;
    private int end;
    private int filled;

    public LineReader(InputStream in) {
        this.in = in;
        end = -1;
    }

    /// Goes to the next line. Errors: [EOFException] if the last one has no line feed.
    public boolean next() throws IOException {
        from = end + 1;
        int at = from;
        while (true) {
            while (at < filled) {
                if (buffer[at] == '\n') {
                    end = at;
                    return true;
                }
                at++;
            }
            if (from > 0) {
                System.arraycopy(buffer, from, buffer, 0, filled - from);
                filled -= from;
                at -= from;
                from = 0;
            }
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            int count = in.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                if (filled > 0) {
                    throw new EOFException("last line without a line feed, " + filled + " bytes");
                }
                end = -1;
                return false;
            }
            filled += count;
        }
    }

    public byte[] buffer() {
        return buffer;
    }

    public int from() {
        return from;
    }

    /// Bytes of the line without its line feed.
    public int count() {
        return end - from;
    }
}
