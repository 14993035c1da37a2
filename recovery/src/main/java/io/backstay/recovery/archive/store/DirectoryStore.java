package io.backstay.recovery.archive.store;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.kernel.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// An archive in a folder: parts, documents and journals are files under their own names.
///
/// A lock is one of the kernel on the file `ROLE.lock`: it cannot be left behind by a killed
/// process. It belongs to its own open file, so that nothing else in this JVM can drop it by
/// closing that file. Replacing a document takes the lock `manifest`.
public final class DirectoryStore implements PartStore {
    private static final Duration DOCUMENT_WAIT = Duration.ofSeconds(30);
    private static final String LOCK = ".lock";

    private final Path folder;

    DirectoryStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public PartWriting begin(String path) throws IOException {
        Path target = folder.resolve(path);
        Path file = folderOf(target).resolve("." + target.getFileName() + ".tmp");
        return new FileWriting(this, file, path);
    }

    @Override
    public String keep(Path file, String path, String sha256) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path target = folder.resolve(path);
        folderOf(target);
        if (!file.equals(target)) {
            Disk.rename(file, target);
        }
        return path;
    }

    @Override
    public StoredBytes open(String path, long from) throws IOException {
        Path file = resolve(path);
        long length = Files.size(file);
        InputStream in = Files.newInputStream(file);
        boolean isReady = false;
        try {
            in.skipNBytes(Math.min(from, length));
            isReady = true;
        } finally {
            if (!isReady) {
                in.close();
            }
        }
        return new StoredBytes(in, length);
    }

    @Override
    public Optional<Path> find(String path) throws IOException {
        return Optional.of(resolve(path));
    }

    private Path resolve(String path) throws IOException {
        Path at = folder;
        for (String name : path.split("/", -1)) {
            at = at.resolve(name);
            if (Files.isSymbolicLink(at)) {
                throw new LinkFoundException(path);
            }
        }
        return at;
    }

    @Override
    public List<String> list(String path) {
        Path at = folder.resolve(path);
        if (!Files.isDirectory(at)) {
            return List.of();
        }
        try (var all = Files.list(at)) {
            return all.filter(file -> !Files.isSymbolicLink(file))
                    .map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void delete(String path) {
        try {
            Disk.deleteTree(resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<byte[]> document(String name) {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<String> create(String name, byte[] content) {
        Disk.folder(folder);
        Optional<String> there = findOther();
        if (there.isPresent()) {
            return there;
        }
        try (StoreLock _ = lockDocuments()) {
            there = findOther();
            if (there.isEmpty()) {
                Disk.writeAtomically(folder.resolve(name), content);
            }
            return there;
        }
    }

    /// Any entry but the lock that two who create at once agree by.
    private Optional<String> findOther() {
        try (var entries = Files.list(folder)) {
            return entries.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals("manifest" + LOCK))
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void update(String name, UnaryOperator<byte[]> step) {
        try (StoreLock _ = lockDocuments()) {
            byte[] before = Files.readAllBytes(folder.resolve(name));
            byte[] after = step.apply(before);
            if (!Arrays.equals(after, before)) {
                Disk.writeAtomically(folder.resolve(name), after);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void append(String journal, byte[] line) {
        ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        try (FileChannel file = Disk.createForAppend(folder.resolve(journal))) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A last line without line feed is of a run that was killed and does not count.
    @Override
    public List<byte[]> journal(String name) {
        byte[] all = document(name).orElse(new byte[0]);
        var lines = new ArrayList<byte[]>();
        int from = 0;
        for (int at = 0; at < all.length; at++) {
            if (all[at] == '\n') {
                lines.add(Arrays.copyOfRange(all, from, at));
                from = at + 1;
            }
        }
        return List.copyOf(lines);
    }

    @Override
    public StoreLock.Attempt tryLock(String role) {
        Path file = folder.resolve(role + LOCK);
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
            return isHeld
                    ? new StoreLock.Attempt.Taken(descriptor::close)
                    : new StoreLock.Attempt.Held("", "find it with `fuser " + file + "`");
        } finally {
            if (!isHeld) {
                descriptor.close();
            }
        }
    }

    @Override
    public Path workFolder() {
        return folder;
    }

    @Override
    public boolean isWorkFolderDurable() {
        return true;
    }

    private StoreLock lockDocuments() {
        long deadline = System.nanoTime() + DOCUMENT_WAIT.toNanos();
        while (true) {
            switch (tryLock("manifest")) {
                case StoreLock.Attempt.Taken(var lock) -> {
                    return lock;
                }
                case StoreLock.Attempt.Held(var _, var hint) -> {
                    if (System.nanoTime() > deadline) {
                        throw new StoreProblem(
                                ErrorCode.FAILED,
                                "archive "
                                        + folder
                                        + ": another writer has held its manifest for "
                                        + DOCUMENT_WAIT.toSeconds()
                                        + " s",
                                "wait until it has ended, or " + hint + ".");
                    }
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }
    }

    private static Path folderOf(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a root is no part: " + file);
        }
        return Disk.folder(parent);
    }
}
