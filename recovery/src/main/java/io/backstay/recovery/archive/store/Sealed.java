package io.backstay.recovery.archive.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// One encrypted file, format 1: a key of its own, wrapped for the archive's key and bound to the
/// file's name, then blocks that are bound to their place.
///
/// | Offset | Bytes | Field |
/// | --- | --- | --- |
/// | 0 | 4 | `42 53 45 31`, `BSE1` |
/// | 4 | 8 | id of the archive's key |
/// | 12 | 12 | nonce of what follows, random |
/// | 24 | 48 | the file's key, 32 bytes, under AES-256-GCM with the archive's key; additional data: the bytes before offset 12, then the file's name in UTF-8 |
/// | 72 | | blocks: [#BLOCK_BYTES] bytes of content (the last one: 0 to that many) under AES-256-GCM with the file's key, each with its tag of 16 bytes |
///
/// A block's nonce is its number, from 0, in 11 bytes, most significant first, and one byte that is
/// 1 for the last block, else 0. So a file under another's name, blocks left out, doubled,
/// exchanged or cut off, and every changed bit are found before a byte of it is used.
///
/// Sources: NIST SP 800-38D (GCM); Hoang, Reyhanitabar, Rogaway, Vizár, "Online
/// Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance" (the construction STREAM).
final class Sealed {
    static final int ID_BYTES = 8;
    static final int HEADER_BYTES = 72;
    static final int BLOCK_BYTES = 1 << 16;
    static final int TAG_BYTES = 16;
    private static final byte[] MAGIC = {'B', 'S', 'E', '1'};
    private static final int NONCE_BYTES = 12;
    private static final int BOUND_BYTES = MAGIC.length + ID_BYTES;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Sealed() {}

    static boolean isSealed(byte[] content) {
        return content.length >= MAGIC.length
                && Arrays.equals(Arrays.copyOf(content, MAGIC.length), MAGIC);
    }

    /// Of a header that [#isSealed].
    static String keyId(byte[] header) {
        int end = Math.min(header.length, BOUND_BYTES);
        return HexFormat.of().formatHex(header, MAGIC.length, end);
    }

    static SecretKey newFileKey() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        return new SecretKeySpec(key, "AES");
    }

    static byte[] header(ArchiveKey key, String name, SecretKey fileKey) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).put(key.idBytes());
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key.secret(), nonce);
            cipher.updateAAD(header.array(), 0, BOUND_BYTES);
            cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
            return header.put(nonce).put(cipher.doFinal(fileKey.getEncoded())).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The file's key. Errors: a header that is none, of another key, or of another file.
    static SecretKey open(byte[] header, ArchiveKey key, String name) throws SealBrokenException {
        if (header.length < HEADER_BYTES || !isSealed(header)) {
            throw new SealBrokenException(0, "an encrypted file", "one that does not begin as one");
        }
        if (!keyId(header).equals(key.id())) {
            throw new SealBrokenException(MAGIC.length, "key " + key.id(), "key " + keyId(header));
        }
        try {
            byte[] nonce = Arrays.copyOfRange(header, BOUND_BYTES, BOUND_BYTES + NONCE_BYTES);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key.secret(), nonce);
            cipher.updateAAD(header, 0, BOUND_BYTES);
            cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
            int from = BOUND_BYTES + NONCE_BYTES;
            return new SecretKeySpec(cipher.doFinal(header, from, HEADER_BYTES - from), "AES");
        } catch (AEADBadTagException e) {
            throw new SealBrokenException(
                    0, "the head of " + name, "one that was changed, or is of another file");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Cipher block(int mode, SecretKey fileKey, long number, boolean isLast) {
        byte[] nonce =
                ByteBuffer.allocate(NONCE_BYTES)
                        .putInt(3, (int) (number >>> 32))
                        .putInt(7, (int) number)
                        .put(NONCE_BYTES - 1, (byte) (isLast ? 1 : 0))
                        .array();
        try {
            return cipher(mode, fileKey, nonce);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Bytes of content in an encrypted file. Errors: a length that no such file has.
    static long contentBytes(long fileBytes) throws SealBrokenException {
        long body = fileBytes - HEADER_BYTES;
        long blocks = Math.max(1, (body + BLOCK_BYTES + TAG_BYTES - 1) / (BLOCK_BYTES + TAG_BYTES));
        long last = body - (blocks - 1) * (BLOCK_BYTES + TAG_BYTES);
        if (last < TAG_BYTES || (blocks > 1 && last == TAG_BYTES)) {
            throw new SealBrokenException(
                    Math.max(0, fileBytes), "whole blocks", "an end within one, at " + fileBytes);
        }
        return body - blocks * TAG_BYTES;
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        return cipher;
    }
}
