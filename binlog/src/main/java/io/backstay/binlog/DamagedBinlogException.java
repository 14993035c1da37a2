package io.backstay.binlog;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;

/// A binary log whose bytes contradict its format. Never caught to continue: a log with a hole is a
/// gap.
public class DamagedBinlogException extends Problem {
    private static final long serialVersionUID = 1L;

    private final transient EventOrigin origin;

    DamagedBinlogException(EventOrigin origin, String field, String expected, String found) {
        super(
                ErrorCode.BAD_FILE,
                "cannot read %s of the event at %s: expected %s, found %s"
                        .formatted(field, origin, expected, found),
                "the file is truncated or damaged here; copy %s from the source or another member again."
                        .formatted(origin.file()));
        this.origin = origin;
    }

    /// For readers outside this package that find row bytes contradicting their table map.
    public static DamagedBinlogException of(
            EventOrigin origin, String field, String expected, String found) {
        return new DamagedBinlogException(origin, field, expected, found);
    }

    static DamagedBinlogException tooShort(
            EventOrigin origin, String field, long expectedBytes, long foundBytes) {
        return new DamagedBinlogException(
                origin, field, bytes(expectedBytes), Long.toString(foundBytes));
    }

    static String bytes(long count) {
        return count + (count == 1 ? " byte" : " bytes");
    }

    public EventOrigin origin() {
        return origin;
    }
}
