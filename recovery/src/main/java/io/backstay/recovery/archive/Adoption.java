package io.backstay.recovery.archive;

import io.backstay.recovery.archive.store.PartStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// A file that was written in place becoming a part.
final class Adoption {
    private Adoption() {}

    static PartEntry run(
            PartStore store, Path file, String path, PartKind kind, int formatVersion) {
        var crcs = new StringBuilder();
        long length = 0;
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] stretch = new byte[PartEntry.STRETCH_BYTES];
            for (int count = in.readNBytes(stretch, 0, stretch.length);
                    count > 0;
                    count = in.readNBytes(stretch, 0, stretch.length)) {
                sha256.update(stretch, 0, count);
                var crc = new CRC32C();
                crc.update(stretch, 0, count);
                crcs.append(HexFormat.of().toHexDigits((int) crc.getValue()));
                length += count;
            }
            String digest = HexFormat.of().formatHex(sha256.digest());
            String kept = store.keep(file, path, digest);
            return new PartEntry(kept, kind, formatVersion, length, digest, crcs.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
