package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogPosition;
import io.backstay.recovery.archive.store.ArchiveAddress;
import java.nio.file.Path;
import java.util.Optional;

/// What to take into which archive; a base, a log, or both.
///
/// @param archive made if it is not there and a base is given
/// @param base a text dump (plain, `.gz`, `.zst`) or a folder of mydumper
/// @param binlogs folder of one server's binary log files
/// @param from where in that log the base is; empty if the base says so itself
/// @param schema of a dump that does not name it; empty text if it does
/// @param threads that turn rows into chunks, at least 1
public record IntakeRequest(
        ArchiveAddress archive,
        Optional<Path> base,
        Optional<Path> binlogs,
        Optional<BinlogPosition> from,
        String schema,
        int threads) {
    public IntakeRequest(
            Path archive,
            Optional<Path> base,
            Optional<Path> binlogs,
            Optional<BinlogPosition> from,
            String schema,
            int threads) {
        this(ArchiveAddress.of(archive), base, binlogs, from, schema, threads);
    }
}
