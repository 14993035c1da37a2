package io.backstay.recovery.archive;

import io.backstay.recovery.archive.store.PartStore;
import io.backstay.recovery.archive.store.PartWriting;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// A part while it is written; kept by its store at [#seal]. What is closed before is deleted. One
/// thread.
public final class PartSink extends OutputStream {
    private final PartWriting writing;
    private final PartKind kind;
    private final int formatVersion;
    private final MessageDigest sha256;
    private final CRC32C crc = new CRC32C();
    private final StringBuilder crcs = new StringBuilder();
    private final byte[] one = new byte[1];
    private long length;

    PartSink(PartStore store, String path, PartKind kind, int formatVersion) {
        this.kind = kind;
        this.formatVersion = formatVersion;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
            writing = store.begin(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        one[0] = (byte) b;
        write(one, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        sha256.update(bytes, from, count);
        writing.out().write(bytes, from, count);
        int at = from;
        int left = count;
        while (left > 0) {
            int room = PartEntry.STRETCH_BYTES - (int) (length % PartEntry.STRETCH_BYTES);
            int step = Math.min(room, left);
            crc.update(bytes, at, step);
            at += step;
            left -= step;
            length += step;
            if (step == room) {
                endStretch();
            }
        }
    }

    public long lengthBytes() {
        return length;
    }

    /// Makes the part durable. It exists for readers once a manifest names it.
    public PartEntry seal() {
        try {
            if (length % PartEntry.STRETCH_BYTES != 0) {
                endStretch();
            }
            String digest = HexFormat.of().formatHex(sha256.digest());
            String kept = writing.keep(digest);
            return new PartEntry(kept, kind, formatVersion, length, digest, crcs.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        writing.close();
    }

    private void endStretch() {
        crcs.append(HexFormat.of().toHexDigits((int) crc.getValue()));
        crc.reset();
    }
}
