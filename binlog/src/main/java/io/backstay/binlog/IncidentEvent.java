package io.backstay.binlog;

import java.nio.charset.StandardCharsets;

/// The server says that its log lacks events here: a hole.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 2 | `number`: 1 lost events |
/// | 2 | 1 + n | `message` |
///
/// Source: MySQL internals manual, `INCIDENT_EVENT`.
public record IncidentEvent(int number, String message) implements BinlogEvent {

    static IncidentEvent decode(EventBody body) {
        int number = body.uint16("IncidentEvent.number");
        int length = body.uint8("IncidentEvent.messageLength");
        return new IncidentEvent(
                number, body.text("IncidentEvent.message", length, StandardCharsets.UTF_8));
    }
}
