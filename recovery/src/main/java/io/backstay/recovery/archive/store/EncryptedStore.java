package io.backstay.recovery.archive.store;

import io.backstay.doors.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;

/// A store in which nothing can be read, changed or exchanged without a key: each part, document
/// and journal line is a file as [Sealed] has it, under its name; a journal line is that in base64.
///
/// What it does not hide: names, sizes, times and the number of parts, and the holders of locks.
/// What it cannot find: the whole of it put back to what it was earlier. What is no part yet is in
/// the clear in [#workFolder], on this machine.
public final class EncryptedStore implements PartStore {
    private final PartStore inner;
    private final ArchiveKey key;
    private final Path workFolder;

    EncryptedStore(PartStore inner, ArchiveKey key, Path workFolder) {
        this.inner = inner;
        this.key = key;
        this.workFolder = workFolder;
    }

    @Override
    public PartWriting begin(String path) throws IOException {
        PartWriting below = inner.begin(path);
        boolean isReady = false;
        try {
            var digest = new DigestOutputStream(below.out(), MessageDigest.getInstance("SHA-256"));
            var sealing = new SealingStream(digest, key, path);
            isReady = true;
            return new PartWriting() {
                @Override
                public OutputStream out() {
                    return sealing;
                }

                @Override
                public String keep(String sha256) throws IOException {
                    sealing.end();
                    return below.keep(HexFormat.of().formatHex(digest.getMessageDigest().digest()));
                }

                @Override
                public void close() throws IOException {
                    below.close();
                }
            };
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } finally {
            if (!isReady) {
                below.close();
            }
        }
    }

    @Override
    public String keep(Path file, String path, String sha256) {
        try (PartWriting writing = begin(path);
                InputStream in = Files.newInputStream(file)) {
            in.transferTo(writing.out());
            return writing.keep(sha256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public StoredBytes open(String path, long from) throws IOException {
        StoredBytes file = inner.open(path, 0);
        InputStream in = file.in();
        boolean isReady = false;
        try {
            SecretKey fileKey =
                    Sealed.open(in.readNBytes(Sealed.HEADER_BYTES), key, wishedFor(path));
            long contentBytes = Sealed.contentBytes(file.lengthBytes());
            long block = from / Sealed.BLOCK_BYTES;
            if (block > 0) {
                in.close();
                long at = Sealed.HEADER_BYTES + block * (Sealed.BLOCK_BYTES + Sealed.TAG_BYTES);
                in = inner.open(path, at).in();
            }
            var opening = new OpeningStream(in, fileKey, block, contentBytes);
            opening.skipNBytes(from % Sealed.BLOCK_BYTES);
            isReady = true;
            return new StoredBytes(opening, contentBytes);
        } finally {
            if (!isReady) {
                in.close();
            }
        }
    }

    /// The name a part was written under: a bucket's has the digest of what was kept in it.
    private static String wishedFor(String path) {
        return path.replaceFirst("\\.[0-9a-f]{16}(\\.[a-z]+)$", "$1");
    }

    @Override
    public Optional<Path> find(String path) {
        return Optional.empty();
    }

    @Override
    public List<String> list(String folder) {
        return inner.list(folder);
    }

    @Override
    public void delete(String path) {
        inner.delete(path);
    }

    @Override
    public Optional<byte[]> document(String name) {
        return inner.document(name).map(bytes -> opened(bytes, name));
    }

    @Override
    public Optional<String> create(String name, byte[] content) {
        return inner.create(name, sealed(content, name));
    }

    @Override
    public void update(String name, UnaryOperator<byte[]> step) {
        inner.update(
                name,
                bytes -> {
                    byte[] before = opened(bytes, name);
                    byte[] after = step.apply(before);
                    return Arrays.equals(after, before) ? bytes : sealed(after, name);
                });
    }

    @Override
    public void append(String journal, byte[] line) {
        inner.append(journal, Base64.getEncoder().encode(sealed(line, journal)));
    }

    @Override
    public List<byte[]> journal(String name) {
        return inner.journal(name).stream().map(line -> opened(decoded(line, name), name)).toList();
    }

    @Override
    public StoreLock.Attempt tryLock(String role) {
        return inner.tryLock(role);
    }

    @Override
    public Path workFolder() {
        return workFolder;
    }

    @Override
    public boolean isWorkFolderDurable() {
        return false;
    }

    private byte[] sealed(byte[] content, String name) {
        var out = new ByteArrayOutputStream(content.length + 2 * Sealed.HEADER_BYTES);
        try {
            var sealing = new SealingStream(out, key, name);
            sealing.write(content);
            sealing.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private byte[] opened(byte[] bytes, String name) {
        if (!Sealed.isSealed(bytes)) {
            throw new StoreProblem(
                    ErrorCode.BAD_FILE,
                    "%s is not encrypted, and a key is given for it".formatted(name),
                    "leave --archive-key out if this archive never was encrypted; else it was exchanged: restore from"
                            + " another copy.");
        }
        if (!Sealed.keyId(bytes).equals(key.id())) {
            throw new StoreProblem(
                    ErrorCode.USAGE,
                    "%s is encrypted for the key %s, the key given is %s"
                            .formatted(name, Sealed.keyId(bytes), key.id()),
                    "give that key with --archive-key FILE. Without it nothing of this archive can be read.");
        }
        try {
            SecretKey fileKey = Sealed.open(bytes, key, name);
            long contentBytes = Sealed.contentBytes(bytes.length);
            var in = new ByteArrayInputStream(bytes);
            in.skipNBytes(Sealed.HEADER_BYTES);
            return new OpeningStream(in, fileKey, 0, contentBytes).readAllBytes();
        } catch (SealBrokenException e) {
            throw new StoreProblem(
                    ErrorCode.BAD_FILE,
                    "damaged archive: %s at byte %d: %s"
                            .formatted(name, e.byteOffset(), e.getMessage()),
                    "restore from another copy of the archive.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] decoded(byte[] line, String name) {
        try {
            return Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
            throw new StoreProblem(
                    ErrorCode.BAD_FILE,
                    "damaged archive: %s: expected base64".formatted(name),
                    "move that file away; what it says is when restores were rehearsed, nothing else.",
                    e);
        }
    }
}
