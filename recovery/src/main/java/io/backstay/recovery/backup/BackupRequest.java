package io.backstay.recovery.backup;

import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;

/// What to back up, and where to.
///
/// @param archive made if it is not there
/// @param threads sessions that read, at least 1; one more holds the lock for a moment
public record BackupRequest(Path archive, ServerAddress server, int threads) {}
