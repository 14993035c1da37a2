package io.backstay.recovery.archive;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// One writer's hold on an archive, given up with the process at the latest.
///
/// A lock of the kernel on the file `ROLE.lock`: it cannot be left behind by a killed process.
public final class ArchiveLock implements AutoCloseable {
    private final FileChannel channel;

    private ArchiveLock(FileChannel channel) {
        this.channel = channel;
    }

    /// @param role `backup` or `stream`: there is one of each at a time; `manifest`: held for the
    ///   moment of a replacement
    static ArchiveLock take(Path folder, String role) {
        ArchiveLock lock = tryTake(folder, role);
        if (lock == null) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "archive " + folder + ": another " + role + " is writing to it",
                    "wait until it has ended, or find it with `fuser "
                            + folder.resolve(role + ".lock")
                            + "`.");
        }
        return lock;
    }

    static @Nullable ArchiveLock tryTake(Path folder, String role) {
        try {
            Path file = folder.resolve(role + ".lock");
            Disk.createForAppend(file).close();
            FileChannel channel = FileChannel.open(file, EnumSet.of(StandardOpenOption.WRITE));
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                return null;
            }
            return new ArchiveLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
