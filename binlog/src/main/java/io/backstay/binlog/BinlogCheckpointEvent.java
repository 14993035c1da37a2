package io.backstay.binlog;

import java.nio.charset.StandardCharsets;

/// MariaDB: no crash recovery needs a file older than this one.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 + n | `file`, length first |
///
/// Source: MariaDB knowledge base, "BINLOG_CHECKPOINT_EVENT".
public record BinlogCheckpointEvent(String file) implements BinlogEvent {

    static BinlogCheckpointEvent decode(EventBody body) {
        long length = body.uint32("BinlogCheckpointEvent.fileLength");
        return new BinlogCheckpointEvent(
                body.text("BinlogCheckpointEvent.file", length, StandardCharsets.UTF_8));
    }
}
