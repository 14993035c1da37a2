package io.backstay.binlog;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A MySQL log file written with `binlog_encryption=ON`: a clear head, then the whole file, its
/// `0xFE bin` included, encrypted.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 | `0xFD bin` |
/// | 4 | 1 | version, 1 |
/// | 5 | | fields: one byte of kind and a value; 0 ends |
/// | 512 | rest | the file, AES-256-CTR |
///
/// | Kind | Value |
/// | --- | --- |
/// | 1 | key's name in the keyring: length (1), text |
/// | 2 | the file's password, encrypted by that key with AES-256-CBC: 32 bytes |
/// | 3 | initial vector of that: 16 bytes |
///
/// The file's own key and initial vector come from its password as OpenSSL's `EVP_BytesToKey` makes
/// them with SHA-512, one round, no salt: the first 32 bytes of the digest, and the next 8 with a
/// counter of blocks in 8 bytes, big endian, behind them.
///
/// Source: MySQL source, `Rpl_encryption_header`, `stream_cipher.cc`.
final class EncryptedFile {
    static final int MAGIC = 0x6E69_62FD;
    private static final int HEAD_BYTES = 512;

    private final MemorySegment file;
    private final EventOrigin origin;
    private String keyName = "";
    private byte[] password = {};
    private byte[] vector = {};

    EncryptedFile(MemorySegment file, String name) {
        this.file = file;
        this.origin = new EventOrigin(name, 0);
        if (file.byteSize() < HEAD_BYTES) {
            throw new TruncatedBinlogException(
                    origin, "EncryptedFile.head", HEAD_BYTES, file.byteSize());
        }
        readHead(new EventBody(file, origin, 4, HEAD_BYTES));
    }

    private void readHead(EventBody head) {
        int version = head.uint8("EncryptedFile.version");
        if (version != 1) {
            throw head.damaged("EncryptedFile.version", "1", Integer.toString(version));
        }
        for (int kind = next(head); kind != 0; kind = next(head)) {
            switch (kind) {
                case 1 ->
                        keyName =
                                head.text(
                                        "EncryptedFile.keyName",
                                        head.uint8("EncryptedFile.keyName"),
                                        StandardCharsets.UTF_8);
                case 2 -> password = head.bytes("EncryptedFile.password", 32);
                case 3 -> vector = head.bytes("EncryptedFile.initialVector", 16);
                default ->
                        throw head.damaged(
                                "EncryptedFile.field", "a field from 1 to 3", "field " + kind);
            }
        }
        if (password.length == 0 || vector.length == 0) {
            throw head.damaged("EncryptedFile.field", "fields 1 to 3", "fewer");
        }
    }

    private static int next(EventBody head) {
        return head.remaining() == 0 ? 0 : head.uint8("EncryptedFile.field");
    }

    /// The clear file, from its `0xFE bin` on.
    ///
    /// @throws Problem if the key is not among those given, or is another one
    InputStream open(EncryptionKeys keys) {
        byte[] key =
                keys.find(keyName)
                        .orElseThrow(
                                () ->
                                        EncryptedEvents.noKey(
                                                origin.file() + " is encrypted by its MySQL server",
                                                "the key " + keyName,
                                                keys));
        try {
            Cipher unwrap = Cipher.getInstance("AES/CBC/NoPadding");
            unwrap.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new IvParameterSpec(vector));
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(unwrap.doFinal(password));
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(Arrays.copyOf(digest, 32), "AES"),
                    new IvParameterSpec(Arrays.copyOf(Arrays.copyOfRange(digest, 32, 40), 16)));
            return new CipherInputStream(
                    new SegmentStream(file, HEAD_BYTES, file.byteSize()), cipher);
        } catch (GeneralSecurityException e) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "cannot decrypt %s with the key %s: %s"
                            .formatted(origin.file(), keyName, e.getMessage()),
                    "give the keyring of the server that wrote the file.",
                    e);
        }
    }
}
