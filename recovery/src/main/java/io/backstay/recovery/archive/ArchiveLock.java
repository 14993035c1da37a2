package io.backstay.recovery.archive;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.kernel.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One writer's hold on an archive, given up with the process at the latest.
///
/// A lock of the kernel on the file `ROLE.lock`: it cannot be left behind by a killed process. It
/// belongs to its own open file, so that nothing else in this JVM can drop it by closing that file.
public final class ArchiveLock implements AutoCloseable {
    private final Descriptor descriptor;

    private ArchiveLock(Descriptor descriptor) {
        this.descriptor = descriptor;
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
        Path file = folder.resolve(role + ".lock");
        if (!Files.exists(file)) {
            try {
                Disk.createForAppend(file).close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Descriptor descriptor = Descriptor.openToLock(file);
        boolean isHeld = false;
        try {
            isHeld = descriptor.tryLock();
            return isHeld ? new ArchiveLock(descriptor) : null;
        } finally {
            if (!isHeld) {
                descriptor.close();
            }
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
