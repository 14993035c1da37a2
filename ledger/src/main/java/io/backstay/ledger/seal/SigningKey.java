package io.backstay.ledger.seal;

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
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.EnumSet;
import java.util.Set;

/// A private Ed25519 key with its public half.
///
/// On disk: one PEM file, mode 0600, with a PKCS#8 block `PRIVATE KEY` and a block `PUBLIC KEY`. A
/// file that others can read is refused. Safe for use by several threads.
public final class SigningKey {
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final PrivateKey secret;
    private final VerifyingKey publicKey;

    private SigningKey(PrivateKey secret, VerifyingKey publicKey) {
        this.secret = secret;
        this.publicKey = publicKey;
    }

    /// A new key that is kept nowhere.
    public static SigningKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new SigningKey(pair.getPrivate(), VerifyingKey.of(pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A new key in a new file. An existing file is never replaced.
    public static SigningKey create(Path file) {
        if (Files.exists(file)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot create a key in %s: the file exists".formatted(file),
                    "Choose another name; a key that has signed something is never overwritten.");
        }
        SigningKey key = generate();
        Disk.writeAtomically(
                file, Pem.block("PRIVATE KEY", key.secret.getEncoded()) + key.publicKey.pem());
        return key;
    }

    public static SigningKey load(Path file) {
        requireOwnerOnly(file);
        String text = Disk.readText(file);
        byte[] der = Pem.requireBlock(file, text, "PRIVATE KEY");
        try {
            PrivateKey secret =
                    KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
            SigningKey key = new SigningKey(secret, VerifyingKey.ofPem(file, text));
            byte[] probe = "do both halves belong together".getBytes(StandardCharsets.US_ASCII);
            if (!key.publicKey.hasSigned(probe, key.sign(probe))) {
                throw Pem.damaged(file, "the private and the public half do not belong together");
            }
            return key;
        } catch (GeneralSecurityException e) {
            // no cause: the exception of a parser could quote the secret
            throw Pem.damaged(file, "expected a private Ed25519 key in PKCS#8");
        }
    }

    public String id() {
        return publicKey.id();
    }

    public VerifyingKey publicKey() {
        return publicKey;
    }

    /// Ed25519 over the message, 64 bytes, always the same for the same message.
    public byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(secret);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The id only, never the secret.
    @Override
    public String toString() {
        return "SigningKey[" + id() + "]";
    }

    private static void requireOwnerOnly(Path file) {
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
            if (!OWNER.containsAll(found)) {
                throw new Problem(
                        ErrorCode.BAD_FILE,
                        "cannot use the key %s: expected mode rw-------, found %s"
                                .formatted(file, PosixFilePermissions.toString(found)),
                        "If nobody else has read it: `chmod 600 %s`. Else `backstay key new`."
                                .formatted(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
