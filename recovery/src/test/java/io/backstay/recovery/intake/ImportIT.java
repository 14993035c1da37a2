package io.backstay.recovery.intake;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.BinlogPosition;
import io.backstay.doors.Commands;
import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.lab.ServerBinaries;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Program;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.TypeTorture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ImportIT {
    private final RecoveryLab lab = new RecoveryLab(140);
    private final Path archive = lab.folder.resolve("a");
    private final Path dump = lab.folder.resolve("dump.sql");
    private final Path logs = lab.folder.resolve("logs");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void anImportedDumpIsWhatABackupOfTheServerWouldBe() {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(source, TypeTorture.statements());
        assertThatThrownBy(() -> importDump(source, "--routines", "--triggers", "--events"))
                .hasMessageStartingWith(
                        "cannot import the rows of torture.k: column gb is gbk, which cannot be made from a dump in"
                                + " utf8mb4\nHINT: ");
        // what no dump can hold: digits of a FLOAT, a wrong ENUM value beside an empty member
        run(
                source,
                "ALTER TABLE torture.k DROP gb",
                "UPDATE torture.k SET f = 0.5, v = 'x' WHERE id = 5");
        IntakeResult result = importDump(source, "--routines", "--triggers", "--events");
        assertThat(result.losses())
                .containsExactlyInAnyOrder(
                        "torture.k.f (FLOAT: a dump holds six digits of it)",
                        "torture.k.f2 (FLOAT: a dump holds six digits of it)",
                        "torture.k.v (ENUM: a dump cannot tell its empty member from a wrong value)",
                        "torture.nokey.b (FLOAT: a dump holds six digits of it)");
        BaseDocument imported = newest();
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        BaseDocument backup = newest();
        assertThat(imported.source().gtid()).isEqualTo(backup.source().gtid());
        assertThat(imported.tables())
                .usingRecursiveComparison()
                .ignoringFields("chunks")
                .isEqualTo(backup.tables());
        assertThat(imported.schemas()).extracting(s -> s.name()).containsExactly("torture");
        assertThat(imported.programs().stream().map(ImportIT::gist).toList())
                .containsExactlyInAnyOrderElementsOf(
                        backup.programs().stream().map(ImportIT::gist).toList());
    }

    @Test
    void aRestoreFromADumpAndLogFilesEqualsTheSource() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(21, 2_000).load(root);
        }
        run(source, "UPDATE shop.customer SET rating = 0.25", "FLUSH BINARY LOGS");
        IntakeResult base = importDump(source);
        assertThat(base.isBaseNew()).isTrue();
        assertThat(base.end()).isEqualTo(one(source, "SELECT @@gtid_binlog_pos"));
        run(
                source,
                "UPDATE shop.customer SET credit = credit + 1 WHERE id % 3 = 0",
                "FLUSH BINARY LOGS",
                "DELETE FROM shop.order_line WHERE line_no = 1",
                "UPDATE shop.price_history SET reason = 'ä\\'\\\\\\n' LIMIT 50");
        IntakeResult both = importAll(source);
        assertThat(both.isBaseNew()).isFalse();
        assertThat(both.segments()).isEqualTo(2);
        assertThat(both.transactions()).isEqualTo(3);
        assertThat(both.end()).isEqualTo(one(source, "SELECT @@gtid_binlog_pos"));

        // the same again adds nothing, a grown log what is new
        IntakeResult again = importAll(source);
        assertThat(again.segments()).isZero();
        assertThat(manifestSegments()).hasSize(2);
        run(source, "DELETE FROM shop.order_line LIMIT 10");
        assertThat(importAll(source).transactions()).isEqualTo(1);
        assertThat(new ArchiveVerifier(Archive.open(archive), p -> {}).verify().damages())
                .isEmpty();

        LabServer target = lab.started(RecoveryLab.OLD, 2);
        var request = RestoreRequest.of(archive, address(target));
        var result = Restore.run(request, RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        assertThat(result.gtid()).isEqualTo(one(source, "SELECT @@gtid_binlog_pos"));
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
    }

    @Test
    void aLogThatDoesNotFitIsRefusedByName() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (a INT PRIMARY KEY)",
                "INSERT INTO d.t VALUES (1)");
        importDump(source);
        run(source, "FLUSH BINARY LOGS", "INSERT INTO d.t VALUES (2)", "FLUSH BINARY LOGS");
        run(source, "INSERT INTO d.t VALUES (3)");
        copyLogs(source);
        List<Path> files = LogFiles.in(logs).files();
        Path middle = files.get(1);
        Path aside = lab.folder.resolve("aside");
        Files.move(middle, aside);
        assertThatThrownBy(this::importLogs)
                .hasMessageStartingWith(
                        "gap in the log: folder %s has %s and then %s\nHINT: "
                                .formatted(
                                        logs,
                                        files.get(0).getFileName(),
                                        files.get(2).getFileName()));
        Files.move(files.get(0), lab.folder.resolve("first"));
        assertThatThrownBy(this::importLogs)
                .hasMessageStartingWith(
                        "gap in the log: %s begins behind GTID "
                                .formatted(files.get(2).getFileName()))
                .hasMessageContaining(", the archive ends at ");
        Files.move(lab.folder.resolve("first"), files.get(0));
        Files.move(aside, middle);

        byte[] whole = Files.readAllBytes(files.get(2));
        byte[] flipped = whole.clone();
        flipped[flipped.length - 40] ^= 1;
        Files.write(files.get(2), flipped);
        assertThatThrownBy(this::importLogs)
                .hasMessageContaining("cannot read checksum of the event at");
        // what was in front of the damage is in, as segments of their own
        assertThat(manifestSegments()).hasSize(1);
        Files.write(files.get(2), java.util.Arrays.copyOf(whole, whole.length - 10));
        assertThat(importLogs().transactions()).isZero();
        Files.write(files.get(2), whole);
        assertThat(importLogs().transactions()).isEqualTo(1);

        String text = Files.readString(dump);
        Files.writeString(dump, text.substring(0, text.indexOf("-- Dump completed")));
        assertThatThrownBy(() -> intake(Optional.of(dump), Optional.empty(), Optional.empty()))
                .hasMessageStartingWith("the dump does not say that it was completed: ");
        assertThatThrownBy(
                        () ->
                                intake(
                                        Optional.of(source.settings().dataDir()),
                                        Optional.empty(),
                                        Optional.empty()))
                .hasMessageContaining(
                        "is a physical copy, and no server may be started on it here");
    }

    private IntakeResult importDump(LabServer source, String... options) {
        dump(source, options);
        return intake(Optional.of(dump), Optional.empty(), Optional.empty());
    }

    private IntakeResult importAll(LabServer source) {
        copyLogs(source);
        return intake(Optional.of(dump), Optional.of(logs), Optional.empty());
    }

    private IntakeResult importLogs() {
        return intake(Optional.empty(), Optional.of(logs), Optional.empty());
    }

    private IntakeResult intake(
            Optional<Path> base, Optional<Path> binlogs, Optional<BinlogPosition> from) {
        return Intake.run(
                new IntakeRequest(archive, base, binlogs, from, "", 2), RecoveryListener.silent());
    }

    private void dump(LabServer source, String... options) {
        var command = new ArrayList<String>();
        var settings = source.settings();
        command.add(
                ServerBinaries.require(RecoveryLab.OLD, ServerBinaries.home())
                        .mariadbDump()
                        .toString());
        command.addAll(
                List.of(
                        "--no-defaults",
                        "--protocol=tcp",
                        "--host=" + settings.address(),
                        "--port=" + settings.endpoint().replaceFirst(".*:", ""),
                        "--user=root",
                        "--password=" + settings.accounts().rootPassword(),
                        "--single-transaction",
                        "--master-data=2",
                        "--gtid",
                        "--result-file=" + dump));
        command.addAll(List.of(options));
        command.add("--databases");
        try (Server server = Server.connect(address(source))) {
            command.addAll(io.backstay.mysql.Schemas.list(server));
        }
        Commands.Result result = Commands.run(command, null, Duration.ofSeconds(60));
        assertThat(result.exit()).as(result.err()).isZero();
    }

    private void copyLogs(LabServer source) {
        try {
            Files.createDirectories(logs);
            try (var files = Files.list(source.settings().dataDir())) {
                for (Path file : files.filter(f -> f.toString().matches(".*\\.\\d{6}")).toList()) {
                    Files.copy(
                            file,
                            logs.resolve(file.getFileName()),
                            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BaseDocument newest() {
        Archive opened = Archive.open(archive);
        return opened.document(opened.manifest().bases().getLast());
    }

    private List<SegmentEntry> manifestSegments() {
        return Archive.open(archive).manifest().segments();
    }

    /// Without what a dump and SHOW CREATE spell in two ways: blanks, the schema in a view, a
    /// sequence as a table.
    private static String gist(Program program) {
        return (program.kind()
                        + program.schema()
                        + program.name()
                        + (program.kind().equals("SEQUENCE")
                                ? ""
                                : program.createSql().replace("`torture`.", ""))
                        + program.sqlMode()
                        + program.characterSet()
                        + program.collation()
                        + program.timeZone()
                        + program.state())
                .replaceAll("\\s+", "");
    }

    private static String one(LabServer server, String sql) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
