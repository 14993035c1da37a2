package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.proof.CertificateFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryVerbsTest {
    @TempDir Path temp;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aFolderThatIsNoArchiveIsNamed() {
        assertThat(run("archive", "status", "--archive", temp.toString())).isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        "no archive at %s: it has no manifest.json\nHINT: make one with `backstay backup --archive %s --server URL`.\n"
                                .formatted(temp, temp));
    }

    @Test
    void anAddressWithAPasswordIsRefusedWithoutRepeatingIt() {
        assertThat(
                        run(
                                "backup",
                                "--archive",
                                temp.toString(),
                                "--server",
                                "mysql://root:s3cret@127.0.0.1:3306"))
                .isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        """
                        a server's address holds a password, where every process list shows it
                        HINT: leave it out, and set BACKSTAY_PASSWORD or add ?password-file=PATH.
                        """);
        assertThat(out()).isEmpty();
    }

    @Test
    void anEmptyArchiveIsSound() {
        Archive.create(temp.resolve("a"));
        assertThat(run("archive", "verify", "--archive", temp.resolve("a").toString())).isZero();
        assertThat(out()).isEqualTo("0 parts, 0.0 MB read: sound\n");
    }

    @Test
    void aDamagedManifestIsToldInJson() throws Exception {
        Archive.create(temp.resolve("a"));
        Files.writeString(temp.resolve("a/manifest.json"), "{}");
        assertThat(
                        run(
                                "--output",
                                "json",
                                "archive",
                                "verify",
                                "--archive",
                                temp.resolve("a").toString()))
                .isEqualTo(2);
        assertThat(out())
                .startsWith(
                        "{\"schemaVersion\":1,\"error\":{\"code\":\"bad-file\",\"message\":\"damaged archive: manifest.json at byte 0:")
                .endsWith("\"exit\":2}\n");
    }

    @Test
    void aRestoreFromAnArchiveWithoutABaseSaysWhatToDo() {
        Archive.create(temp.resolve("a"));
        assertThat(
                        run(
                                "restore",
                                "--dry-run",
                                "--archive",
                                temp.resolve("a").toString(),
                                "--to",
                                "mysql://root@127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err()).contains("has no base\nHINT: make one with `backstay backup");
    }

    @Test
    void nonsenseOptionsAreUsageErrors() {
        assertThat(
                        run(
                                "backup",
                                "--archive",
                                temp.toString(),
                                "--server",
                                "mysql://root@127.0.0.1:1",
                                "--threads",
                                "0"))
                .isEqualTo(2);
        assertThat(err())
                .isEqualTo("--threads: expected 1 to 256, found 0\nHINT: write `--threads 2`.\n");
        err.reset();
        Archive.create(temp.resolve("a"));
        assertThat(
                        run(
                                "restore",
                                "--archive",
                                temp.resolve("a").toString(),
                                "--to",
                                "mysql://root@127.0.0.1:1",
                                "--until",
                                "yesterday"))
                .isEqualTo(2);
        assertThat(err())
                .startsWith(
                        "--until: expected a GTID, FILE:POSITION or a time with its offset, found 'yesterday'\nHINT: ");
    }

    @Test
    void anUndoNeedsAStretchOrATransaction() {
        Archive.create(temp.resolve("a"));
        assertThat(
                        run(
                                "undo",
                                "--archive",
                                temp.resolve("a").toString(),
                                "--server",
                                "mysql://root@127.0.0.1:3306",
                                "--from",
                                "0-1-1"))
                .isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        """
                        `undo` needs either --from and --to, or --gtid
                        HINT: write `--from P --to Q` or `--gtid 0-1-42`.
                        """);
    }

    @Test
    void aSelectionOfMisspelledTablesIsNamed() {
        assertThat(
                        run(
                                "restore",
                                "--archive",
                                temp.toString(),
                                "--to",
                                "mysql://root@127.0.0.1:3306",
                                "--tables",
                                "customer"))
                .isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        """
                        --tables: expected DATABASE.TABLE, found 'customer'
                        HINT: write `--tables shop.customer,shop.product`.
                        """);
    }

    @Test
    void aCertificateThatNoTrustedKeySignedIsRejected() throws Exception {
        Path keys = Files.createDirectory(temp.resolve("keys"));
        Path file = temp.resolve("c.json");
        assertThat(run("archive", "certificate", "verify", file.toString(), "--keys", "" + keys))
                .isEqualTo(2);
        assertThat(err()).startsWith("no certificate at " + file + "\nHINT: ");
        Envelope envelope =
                Envelope.sign(
                        CertificateFile.PAYLOAD_TYPE,
                        "{}".getBytes(StandardCharsets.UTF_8),
                        List.of(SigningKey.generate()));
        Files.writeString(file, envelope.json());
        assertThat(run("archive", "certificate", "verify", file.toString(), "--keys", "" + keys))
                .isEqualTo(1);
        assertThat(out()).startsWith("REJECTED expected signatures by 1 trusted owners, found 0");
    }

    private int run(String... args) {
        return new CommandLineRun(
                        Main.VERBS,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
