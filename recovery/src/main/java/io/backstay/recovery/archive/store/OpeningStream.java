package io.backstay.recovery.archive.store;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/// The content of an encrypted file from one of its blocks on: [Sealed]. No byte of a block is
/// handed out before its tag was right. One thread; owns the stream below.
final class OpeningStream extends InputStream {
    private final InputStream in;
    private final SecretKey fileKey;
    private final long blocks;
    private final byte[] sealed = new byte[Sealed.BLOCK_BYTES + Sealed.TAG_BYTES];
    private byte[] content = new byte[0];
    private int at;
    private long number;

    /// @param in stands at the block `number`
    /// @param contentBytes of the whole file
    OpeningStream(InputStream in, SecretKey fileKey, long number, long contentBytes) {
        this.in = in;
        this.fileKey = fileKey;
        this.number = number;
        blocks = Math.max(1, (contentBytes + Sealed.BLOCK_BYTES - 1) / Sealed.BLOCK_BYTES);
    }

    @Override
    public int read() throws IOException {
        return at < content.length || next() ? content[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (at == content.length && !next()) {
            return -1;
        }
        int step = Math.min(count, content.length - at);
        System.arraycopy(content, at, into, from, step);
        at += step;
        return step;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /// @return false behind the last block, and if that one is empty
    private boolean next() throws IOException {
        if (number == blocks) {
            return false;
        }
        boolean isLast = number == blocks - 1;
        int count = in.readNBytes(sealed, 0, sealed.length);
        try {
            content =
                    Sealed.block(Cipher.DECRYPT_MODE, fileKey, number, isLast)
                            .doFinal(sealed, 0, count);
        } catch (AEADBadTagException e) {
            throw new SealBrokenException(
                    Sealed.HEADER_BYTES + number * sealed.length,
                    "block " + number + (isLast ? ", the last" : "") + ", as it was written",
                    "one that was changed, moved or cut");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        number++;
        at = 0;
        return content.length > 0;
    }
}
