package io.backstay.recovery.restore;

import io.backstay.recovery.fold.FoldMemory;
import io.backstay.recovery.run.ScratchFolder;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory a log takes while it is folded, and where keys go that do not fit.
///
/// @param bytes of memory; the keys of all tables take half of it at most
/// @param scratch an existing folder on a disk; the keys stand there in the clear, in files without
///   a name
/// @param logBytes of the log that may stay mapped; what was read of a bigger one is given back
public record MemoryLimit(long bytes, Path scratch, long logBytes) {
    private static final Path USUAL = Path.of("/var/tmp");

    /// Half of what this process may have.
    public static MemoryLimit ofThisProcess() {
        return new MemoryLimit(
                Runtime.getRuntime().maxMemory() / 2, usualScratch(), Long.MAX_VALUE);
    }

    public static Path usualScratch() {
        return Files.isDirectory(USUAL)
                ? USUAL
                : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    FoldMemory keys(ScratchFolder folder) {
        return new FoldMemory(Math.max(1, bytes / 2), logBytes, folder);
    }
}
