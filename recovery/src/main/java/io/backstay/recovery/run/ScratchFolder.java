package io.backstay.recovery.run;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Scratch files of one folder. Each loses its name as soon as it is open, so that a killed process
/// leaves nothing. Safe for use by several threads.
public final class ScratchFolder implements ScratchFiles, AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    private final Path folder;
    private final List<FileChannel> files = new ArrayList<>();

    /// @param folder exists; on a disk, as a file system in memory would defeat the purpose
    public ScratchFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public synchronized FileChannel create() {
        try {
            Path file =
                    Files.createTempFile(
                            folder,
                            "backstay-run-",
                            "",
                            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            try {
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                files.add(channel);
                return channel;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "cannot put keys aside in %s: %s".formatted(folder, e),
                    "name a folder with room: `--scratch DIR`; or give more memory: `--memory`.",
                    e);
        }
    }

    @Override
    public synchronized void close() {
        for (FileChannel file : files) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        files.clear();
    }
}
