package io.backstay.binlog.value;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.lang.foreign.MemorySegment;

/// A logged JSON value as the text that its server prints for it.
public final class JsonText {
    private JsonText() {}

    /// @throws Problem if the bytes are no JSON document
    public static String of(MemorySegment bytes, long from, long length) {
        try {
            return JsonBinary.text(bytes, from, length);
        } catch (BadValue e) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "a JSON value in a row image is none: " + e.getMessage(),
                    "the log is damaged: stream it again, or take a new base with `backstay backup`.",
                    e);
        }
    }
}
