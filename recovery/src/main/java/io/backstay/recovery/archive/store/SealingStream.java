package io.backstay.recovery.archive.store;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/// Content on its way into an encrypted file: [Sealed]. It is whole once [#end] has returned. One
/// thread; the stream below is closed by its owner.
final class SealingStream extends OutputStream {
    private final OutputStream out;
    private final SecretKey fileKey = Sealed.newFileKey();
    private final byte[] block = new byte[Sealed.BLOCK_BYTES];
    private final byte[] one = new byte[1];
    private int filled;
    private long number;

    SealingStream(OutputStream out, ArchiveKey key, String name) throws IOException {
        this.out = out;
        out.write(Sealed.header(key, name, fileKey));
    }

    @Override
    public void write(int b) throws IOException {
        one[0] = (byte) b;
        write(one, 0, 1);
    }

    /// A full block waits for what follows, as only then it is known not to be the last.
    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int left = count;
        while (left > 0) {
            if (filled == block.length) {
                seal(false);
            }
            int step = Math.min(left, block.length - filled);
            System.arraycopy(bytes, at, block, filled, step);
            filled += step;
            at += step;
            left -= step;
        }
    }

    void end() throws IOException {
        seal(true);
    }

    private void seal(boolean isLast) throws IOException {
        try {
            out.write(
                    Sealed.block(Cipher.ENCRYPT_MODE, fileKey, number, isLast)
                            .doFinal(block, 0, filled));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        number++;
        filled = 0;
    }
}
