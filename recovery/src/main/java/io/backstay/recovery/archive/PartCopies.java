package io.backstay.recovery.archive;

import io.backstay.doors.Disk;
import io.backstay.recovery.archive.store.RunFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// Parts as files of this machine, for what maps a file or hands its name to a tool, where they are
/// none.
///
/// A copy is made once a process, held against the checksums as it is made, and deleted when the
/// process ends: [RunFolder]. Safe for use by several threads.
final class PartCopies {
    private final Archive archive;
    private final Path workFolder;

    PartCopies(Archive archive, Path workFolder) {
        this.archive = archive;
        this.workFolder = workFolder;
    }

    Path of(PartEntry part) {
        Path copy = RunFolder.in(workFolder).resolve("copies").resolve(part.path());
        if (Files.exists(copy)) {
            return copy;
        }
        Path folder = Disk.folder(java.util.Objects.requireNonNull(copy.getParent()));
        Path temporary = folder.resolve("." + UUID.randomUUID());
        try {
            try (InputStream in = archive.read(part);
                    FileChannel channel = Disk.createForAppend(temporary)) {
                in.transferTo(java.nio.channels.Channels.newOutputStream(channel));
            }
            Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(temporary, e));
        } finally {
            deleteIfThere(temporary);
        }
    }

    private static void deleteIfThere(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
