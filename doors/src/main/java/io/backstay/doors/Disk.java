package io.backstay.doors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/// Files and folders that survive a power cut, readable by their owner only (files 0600, folders
/// 0700).
///
/// Errors: [UncheckedIOException] with the file's name; nothing is retried.
public final class Disk {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER =
            PosixFilePermissions.fromString("rwx------");

    private Disk() {}

    /// Creates a folder and its missing parents, 0700 each. An existing folder is left as it is.
    public static Path folder(Path folder) {
        try {
            return Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same error with the file's name in it, which that of an open file lacks.
    public static IOException named(Path file, IOException e) {
        return e instanceof FileSystemException
                ? e
                : new FileSystemException(file.toString(), null, e.getMessage());
    }

    /// Replaces a file's content so that after a crash either the old or the new content is there,
    /// whole and durable.
    public static void writeAtomically(Path file, byte[] content) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            try (FileChannel channel =
                    FileChannel.open(
                            temporary,
                            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            syncFolder(parentOf(file));
        } catch (IOException e) {
            throw new UncheckedIOException(named(file, e));
        }
    }

    public static void writeAtomically(Path file, String content) {
        writeAtomically(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /// Makes a file that nobody has made yet, durably; of several who try, one succeeds.
    ///
    /// @return false if the file was there: it is left as it is. After a crash it may be there
    ///   without its content
    public static boolean createOnce(Path file, String content) {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            syncFolder(parentOf(file));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A new file for appending, 0600; its folder entry is durable when this returns.
    public static FileChannel createForAppend(Path file) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            EnumSet.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.APPEND),
                            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            syncFolder(parentOf(file));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file for writing at any place, 0600, made if it is not there; nothing is durable yet.
    public static FileChannel createForWriting(Path file) {
        try {
            return FileChannel.open(
                    file,
                    EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (IOException e) {
            throw new UncheckedIOException(named(file, e));
        }
    }

    /// Renames within one file system, durable when this returns.
    public static void rename(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            syncFolder(parentOf(from));
            syncFolder(parentOf(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes a folder's entries durable.
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    public static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes a tree without following links. What is already gone is no error.
    public static void deleteTree(Path root) {
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e)
                                throws IOException {
                            if (e instanceof NoSuchFileException) {
                                return FileVisitResult.CONTINUE;
                            }
                            throw e;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path folder,
                                java.io.@org.jspecify.annotations.Nullable IOException e)
                                throws IOException {
                            if (e != null) {
                                throw e;
                            }
                            Files.deleteIfExists(folder);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// SHA-256, lower-case hexadecimal.
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path parentOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a root has no folder: " + file);
        }
        return parent;
    }
}
