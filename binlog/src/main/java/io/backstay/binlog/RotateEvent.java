package io.backstay.binlog;

import java.nio.charset.StandardCharsets;

/// The last event of a binary log file, or the first of a stream: names the file that follows.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 8 | `position` in the next file, bytes, unsigned |
/// | 8 | rest | `nextFile`, UTF-8, no terminator |
///
/// Source: MySQL internals manual, `ROTATE_EVENT`; MariaDB knowledge base, "Rotate Event". Both
/// agree.
public record RotateEvent(long position, String nextFile) implements BinlogEvent {

    static RotateEvent decode(EventBody body) {
        return new RotateEvent(
                body.uint64("RotateEvent.position"),
                body.text("RotateEvent.nextFile", body.remaining(), StandardCharsets.UTF_8));
    }
}
