package io.backstay.ledger.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
    @TempDir private Path folder;

    @Test
    void aKeyReadAgainSignsForTheSamePublicKey() {
        SigningKey made = SigningKey.create(folder.resolve("ann.key"));
        SigningKey read = SigningKey.load(folder.resolve("ann.key"));
        TrustedKeys.save(folder, "ann", made.publicKey());

        assertThat(read.id()).isEqualTo(made.id()).matches("[0-9a-f]{16}");
        var trusted = TrustedKeys.load(folder).find(made.id()).orElseThrow();
        assertThat(trusted.owner()).isEqualTo("ann");
        assertThat(trusted.key().hasSigned(new byte[] {1}, read.sign(new byte[] {1}))).isTrue();
    }

    @Test
    void aKeyFileIsNeverOverwritten() {
        SigningKey.create(folder.resolve("ann.key"));

        assertThatThrownBy(() -> SigningKey.create(folder.resolve("ann.key")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("the file exists");
    }

    @Test
    void aKeyThatOthersCanReadIsNotUsed() throws Exception {
        Path file = folder.resolve("ann.key");
        SigningKey.create(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> SigningKey.load(file))
                .hasMessage(
                        """
                        cannot use the key %s: expected mode rw-------, found rw-r-----
                        HINT: If nobody else has read it: `chmod 600 %s`. Else `backstay key new`."""
                                .formatted(file, file));
    }

    @Test
    void halvesOfTwoKeysAreNotAKey() throws Exception {
        Path file = folder.resolve("ann.key");
        SigningKey.create(file);
        String text = Files.readString(file);
        String secret = text.substring(0, text.indexOf("-----BEGIN PUBLIC"));
        Files.writeString(file, secret + SigningKey.generate().publicKey().pem());

        assertThatThrownBy(() -> SigningKey.load(file))
                .hasMessageContaining("do not belong together");
    }

    @Test
    void oneKeyWithTwoOwnersIsRefused() {
        SigningKey key = SigningKey.generate();
        TrustedKeys.save(folder, "ann", key.publicKey());
        TrustedKeys.save(folder, "bob", key.publicKey());

        assertThatThrownBy(() -> TrustedKeys.load(folder))
                .hasMessageContaining("expected one owner, found ann and bob");
    }

    @Test
    void theSecretIsInNoText() {
        assertThat(SigningKey.generate().toString()).matches("SigningKey\\[[0-9a-f]{16}\\]");
    }
}
