package io.backstay.ledger.seal;

import io.backstay.doors.Disk;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;

/// A public Ed25519 key (RFC 8032), named by its id.
///
/// @param id first 16 hexadecimal digits of the SHA-256 over the key's X.509 encoding
public record VerifyingKey(String id, PublicKey key) {
    static final int ID_CHARS = 16;

    static VerifyingKey of(PublicKey key) {
        return new VerifyingKey(Disk.sha256(key.getEncoded()).substring(0, ID_CHARS), key);
    }

    /// Reads a PEM file of label `PUBLIC KEY`.
    public static VerifyingKey load(Path file) {
        return ofPem(file, Disk.readText(file));
    }

    static VerifyingKey ofPem(Path file, String text) {
        byte[] der = Pem.requireBlock(file, text, "PUBLIC KEY");
        try {
            return of(
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            throw Pem.damaged(file, "expected a public Ed25519 key, found: " + e.getMessage());
        }
    }

    public String pem() {
        return Pem.block("PUBLIC KEY", key.getEncoded());
    }

    /// True only if this key signed exactly these bytes.
    public boolean hasSigned(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false; // malformed, which is one way of not being signed
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
