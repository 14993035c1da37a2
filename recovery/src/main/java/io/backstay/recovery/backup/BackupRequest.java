package io.backstay.recovery.backup;

import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.Rate;
import io.backstay.recovery.archive.store.ArchiveAddress;
import java.nio.file.Path;

/// What to back up, and where to.
///
/// @param archive made if it is not there
/// @param threads sessions that read, at least 1; one more holds the lock for a moment
/// @param rate of the rows, as text, of all sessions together
public record BackupRequest(ArchiveAddress archive, ServerAddress server, int threads, Rate rate) {

    /// At no limited rate.
    public BackupRequest(Path archive, ServerAddress server, int threads) {
        this(ArchiveAddress.of(archive), server, threads, Rate.unlimited());
    }

    /// At no limited rate.
    public BackupRequest(ArchiveAddress archive, ServerAddress server, int threads) {
        this(archive, server, threads, Rate.unlimited());
    }

    public BackupRequest withRate(Rate value) {
        return new BackupRequest(archive, server, threads, value);
    }
}
