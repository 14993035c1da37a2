package io.backstay.binlog;

import java.nio.charset.StandardCharsets;

/// Sent while nothing happens: how far the source has come. In no file.
///
/// Version 1 is the log file's name, and its position stands in the event header. Version 2 is a
/// list of fields, each a packed kind, a packed length and a value, ended by the kind 0:
///
/// | Kind | Value |
/// | --- | --- |
/// | 1 | the log file's name |
/// | 2 | position, packed |
///
/// Source: MySQL source, `Heartbeat_event`, `Heartbeat_event_v2`.
public record HeartbeatEvent(String file, long position) implements BinlogEvent {

    static HeartbeatEvent decode(EventBody body, long position) {
        return new HeartbeatEvent(
                body.text("HeartbeatEvent.file", body.remaining(), StandardCharsets.UTF_8),
                position);
    }

    static HeartbeatEvent decodeFields(EventBody body) {
        String file = "";
        long position = 0;
        while (body.remaining() > 0) {
            long kind = body.packedInteger("HeartbeatEvent.kind");
            if (kind == 0) {
                break;
            }
            long length = body.packedInteger("HeartbeatEvent.length");
            if (kind == 1) {
                file = body.text("HeartbeatEvent.file", length, StandardCharsets.UTF_8);
            } else if (kind == 2) {
                position = body.packedInteger("HeartbeatEvent.position");
            } else {
                body.skip("HeartbeatEvent.field", length);
            }
        }
        return new HeartbeatEvent(file, position);
    }
}
