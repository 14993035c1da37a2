package io.backstay.recovery.archive.store;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The key of an encrypted archive: 256 random bits, one line of base64 in a file that only its
/// owner may read. Without it nothing in the archive can be read, by anybody.
///
/// It wraps the keys of single files only ([Sealed]); with random nonces that is good for 2^32
/// files.
public final class ArchiveKey {
    private static final int KEY_BYTES = 32;
    private static final Set<PosixFilePermission> OWNERS =
            PosixFilePermissions.fromString("rwx------");

    private final SecretKey secret;
    private final byte[] id;

    private ArchiveKey(byte[] secret) {
        this.secret = new SecretKeySpec(secret, "AES");
        byte[] named = "backstay archive key\n".getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(named, named.length + secret.length);
        System.arraycopy(secret, 0, all, named.length, secret.length);
        id = Arrays.copyOf(HexFormat.of().parseHex(Disk.sha256(all)), Sealed.ID_BYTES);
    }

    /// Errors: a file that others may read, or that holds no such key; what it holds is not said.
    public static ArchiveKey load(Path file) {
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
            if (!OWNERS.containsAll(found)) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "archive key %s: expected that only its owner may read it, found %s"
                                .formatted(file, PosixFilePermissions.toString(found)),
                        "run `chmod 600 %s`; if others have read it, make a new archive with a new key."
                                .formatted(file));
            }
            return of(Base64.getDecoder().decode(Files.readString(file).strip()), file);
        } catch (IllegalArgumentException e) {
            throw noKey(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArchiveKey of(byte[] secret, Path file) {
        if (secret.length != KEY_BYTES) {
            throw noKey(file);
        }
        return new ArchiveKey(secret);
    }

    private static Problem noKey(Path file) {
        return new Problem(
                ErrorCode.USAGE,
                "archive key %s: expected 32 bytes as one line of base64".formatted(file),
                "make one with `(umask 077; openssl rand -base64 32 > FILE)`, and keep a copy elsewhere.");
    }

    /// The id of the key that a document is encrypted for; empty if it is in the clear.
    public static Optional<String> idOf(byte[] document) {
        return Sealed.isSealed(document) ? Optional.of(Sealed.keyId(document)) : Optional.empty();
    }

    /// Tells keys apart; says nothing about the key. 16 hexadecimal digits.
    public String id() {
        return HexFormat.of().formatHex(id);
    }

    byte[] idBytes() {
        return id.clone();
    }

    SecretKey secret() {
        return secret;
    }

    @Override
    public String toString() {
        return "archive key " + id();
    }
}
