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
            throw damaged(e);
        }
    }

    /// The scalars whose type the text does not tell, as JSON_TYPE names them:
    /// `m3:DECIMAL,a1:TIME`. `m` numbers the members of all objects, `a` the elements of all
    /// arrays, from 1 on: those of one container stand together, containers in the order of the
    /// text. `r:DATE` is the document itself. Empty if there is none.
    ///
    /// @throws Problem if the bytes are no JSON document
    public static String types(MemorySegment bytes, long from, long length) {
        try {
            return JsonBinary.types(bytes, from, length);
        } catch (BadValue e) {
            throw damaged(e);
        }
    }

    private static Problem damaged(BadValue e) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "a JSON value in a row image is none: " + e.getMessage(),
                "the log is damaged: stream it again, or take a new base with `backstay backup`.",
                e);
    }
}
