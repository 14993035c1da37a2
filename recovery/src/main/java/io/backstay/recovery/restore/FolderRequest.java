package io.backstay.recovery.restore;

import io.backstay.recovery.archive.store.ArchiveAddress;
import java.nio.file.Path;

/// A base's files wanted as a data directory.
///
/// @param folder absent, empty, or left by a run of the same that was killed
/// @param until the log goes on up to there
/// @param threads that fetch files and read tables back, at least 1
/// @param logName of the binary log that is begun there with its exact state, as the option
///   `log_bin` will have it; empty text for none
public record FolderRequest(
        ArchiveAddress archive, Path folder, Until until, int threads, String logName) {}
