package io.backstay.recovery.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A row while it is written as LOAD DATA text; the format is in
/// [io.backstay.recovery.archive.ChunkReader].
///
/// Equal values have equal text, as digests are made of it: a floating number has the spelling of
/// [Double#toString(double)], whatever the server calls it. One thread.
public final class RowText {
    /// 0 for a byte that stands for itself, else what follows the backslash.
    private static final byte[] ESCAPES = new byte[256];

    static {
        ESCAPES['\\'] = '\\';
        ESCAPES['\t'] = 't';
        ESCAPES['\n'] = 'n';
        ESCAPES['\r'] = 'r';
        ESCAPES[0] = '0';
    }

    private byte[] bytes = new byte[1 << 12];
    private int length;

    public void clear() {
        length = 0;
    }

    public void separate() {
        room(1);
        bytes[length++] = '\t';
    }

    public void endLine() {
        room(1);
        bytes[length++] = '\n';
    }

    public void appendNull() {
        room(2);
        bytes[length++] = '\\';
        bytes[length++] = 'N';
    }

    public void append(byte[] value, int from, int count) {
        room(2 * count);
        int to = length;
        for (int i = from; i < from + count; i++) {
            byte b = value[i];
            byte escape = ESCAPES[b & 0xff];
            if (escape != 0) {
                bytes[to++] = '\\';
                b = escape;
            }
            bytes[to++] = b;
        }
        length = to;
    }

    public void appendFloating(byte[] value, int from, int count) {
        double number =
                Double.parseDouble(new String(value, from, count, StandardCharsets.US_ASCII));
        byte[] text = Double.toString(number).getBytes(StandardCharsets.US_ASCII);
        append(text, 0, text.length);
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    private void room(int count) {
        if (bytes.length - length < count + 1) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count + 1));
        }
    }
}
