package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.recovery.Rate;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    void aRateIsBytesASecondInTheUsualUnits() {
        var converter = new RateOption.Converter();
        assertThat(converter.convert("20M")).isEqualTo(new Rate(20 << 20));
        assertThat(converter.convert("512k")).isEqualTo(new Rate(512 << 10));
        assertThat(converter.convert("1500000000")).isEqualTo(new Rate(1_500_000_000));
        assertThat(converter.convert("1024G")).isEqualTo(new Rate(1L << 40));
    }

    @Test
    void aRateThatCannotBeKeptIsAUsageError() {
        for (String verb : List.of("backup", "stream")) {
            for (String rate : List.of("fast", "511K", "0", "-1", "1025G", "9999999999999G")) {
                err.reset();
                assertThat(
                                run(
                                        verb,
                                        "--archive",
                                        temp.toString(),
                                        "--server",
                                        "mysql://root@127.0.0.1:1",
                                        "--rate=" + rate))
                        .isEqualTo(2);
                assertThat(err())
                        .isEqualTo(
                                """
                                --rate: expected 512K to 1024G bytes a second, found '%s'
                                HINT: write `--rate 20M`, or leave it out for no limit.
                                """
                                        .formatted(rate));
            }
        }
    }

    @Test
    void aRateAndCommitsThatWaitForTheStreamExcludeEachOther() {
        assertThat(
                        run(
                                "stream",
                                "--archive",
                                temp.toString(),
                                "--server",
                                "mysql://root@127.0.0.1:1",
                                "--semi-sync",
                                "--rate",
                                "20M"))
                .isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        """
                        --rate would hold up the server's commits, which wait for a stream --semi-sync
                        HINT: leave one of them out.
                        """);
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

    /// A dump with one table, empty, and a real log in which other tables are made.
    private Path importedLog() throws Exception {
        Path logs = Files.createDirectory(temp.resolve("logs"));
        Files.copy(
                Path.of("../binlog/src/test/resources/fixtures/mariadb-11.8-net.binlog"),
                logs.resolve("binlog.000006"));
        Path dump =
                Files.writeString(
                        temp.resolve("dump.sql"),
                        """
                        -- Server version	11.8.9-MariaDB
                        -- SET GLOBAL gtid_slave_pos='0-1-23';
                        /*!40101 SET NAMES utf8mb4 */;
                        CREATE DATABASE /*!32312 IF NOT EXISTS*/ `net`;
                        USE `net`;
                        CREATE TABLE `moves` (
                          `id` int(11) NOT NULL,
                          `v` varchar(9) DEFAULT NULL,
                          PRIMARY KEY (`id`)
                        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
                        -- Dump completed
                        """);
        Path folder = temp.resolve("archive");
        assertThat(
                        run(
                                "archive",
                                "import",
                                "--archive",
                                folder.toString(),
                                "--base",
                                dump.toString(),
                                "--binlogs",
                                logs.toString()))
                .as(err())
                .isZero();
        out.reset();
        return folder;
    }

    @Test
    void statusAndDryRunTellTheLaneOfEachTableAndWhy() throws Exception {
        String folder = importedLog().toString();
        assertThat(run("archive", "status", "--archive", folder)).isZero();
        assertThat(out())
                .contains("\nnet.altered  ordered: ")
                .contains(
                        "\nnet.bin  ordered: the base has no such table (INSERT rows at binlog.000006:")
                .doesNotContain("net.moves  ");
        out.reset();
        assertThat(run("--output", "json", "archive", "status", "--archive", folder)).isZero();
        assertThat(json().get("lanes").get("net.bin").asString()).startsWith("ordered: ");
        out.reset();
        String[] plan = {
            "restore", "--dry-run", "--archive", folder, "--to", "mysql://root@127.0.0.1:1"
        };
        assertThat(run(plan)).isZero();
        assertThat(out())
                .contains("\n  merged   net.moves ")
                .contains("\n  ordered  net.bin ")
                .contains(
                        "\n           because the base has no such table (INSERT rows at binlog.");
        out.reset();
        assertThat(run("--output", "json", plan[0], plan[1], plan[2], plan[3], plan[4], plan[5]))
                .isZero();
        JsonNode tables = json().get("tables");
        assertThat(
                        tables.valueStream()
                                .map(
                                        t ->
                                                t.get("table").asString()
                                                        + " "
                                                        + t.get("lane").asString()))
                .contains("net.moves merged", "net.bin ordered", "net.altered ordered");
        assertThat(
                        tables.valueStream()
                                .filter(t -> t.get("table").asString().equals("net.bin"))
                                .map(t -> t.get("why").asString()))
                .singleElement()
                .asString()
                .startsWith("the base has no such table (INSERT rows at binlog.000006:");
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out());
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
