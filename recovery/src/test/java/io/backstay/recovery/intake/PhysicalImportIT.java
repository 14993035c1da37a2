package io.backstay.recovery.intake;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.mysql.Server;
import io.backstay.recovery.LabCopies;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.physical.CopyFiles;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import io.backstay.recovery.restore.TypeTorture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PhysicalImportIT {
    private static final Path TOOL = Path.of("/usr/bin/mariadb-backup");

    private final RecoveryLab lab = new RecoveryLab(142);
    private final Path archive = lab.folder.resolve("a");
    private final Path copy = lab.folder.resolve("copy");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aStoppedServersDirectoryIsWhatABackupOfItWouldBeAndItsLogGoesOnFromThere()
            throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(source, TypeTorture.statements());
        run(
                source,
                "CREATE USER keeper IDENTIFIED BY 'x'",
                "CREATE PROCEDURE torture.p() SELECT 1");
        Path other = lab.folder.resolve("b");
        Backup.run(new BackupRequest(other, address(source), 1), RecoveryListener.silent());
        BaseDocument backup = newest(other);
        assertThatThrownBy(() -> importCopy(source.settings().dataDir()))
                .hasMessageContaining(" is in use: a server holds ");
        source.stop(Duration.ofMinutes(1));
        copyAll(source, p -> true);
        source.start();
        run(
                source,
                "SET SESSION binlog_format = 'ROW'",
                "INSERT INTO torture.nokey SELECT * FROM torture.nokey");

        IntakeResult result = importCopy(copy);
        assertThat(result.isBaseNew()).isTrue();
        BaseDocument imported = newest(archive);
        assertThat(imported.source().gtid()).isEqualTo(backup.source().gtid());
        assertThat(imported.source().gtidBinlogState())
                .isEqualTo(backup.source().gtidBinlogState());
        assertThat(imported.source().serverId()).isEqualTo(1);
        assertThat(imported.source().version()).startsWith(RecoveryLab.OLD);
        assertThat(imported.accounts()).isEqualTo(backup.accounts());
        assertThat(imported.programs()).isEqualTo(backup.programs());
        assertThat(imported.tables())
                .usingRecursiveComparison()
                .ignoringFields("chunks")
                .isEqualTo(backup.tables());
        // the very same again, and now with the log
        assertThat(importCopy(copy, source.settings().dataDir()).isBaseNew()).isFalse();
        restored(source);
    }

    @Test
    void aCopyOfAServerThatWasNotStoppedIsRefused() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY)",
                "INSERT INTO d.t VALUES (1)");
        source.kill();
        copyAll(source, p -> true);
        // no state file: nothing says where it is
        assertThatThrownBy(() -> importCopy(copy))
                .hasMessageStartingWith("the base does not say where in the log it is");
        // as a careless hand would help itself
        Files.writeString(copy.resolve("binlog.state"), "0-1-3\n");
        assertThatThrownBy(() -> importCopy(copy))
                .hasMessageContaining(
                        "that was stopped cleanly: its log binlog.000001 was not closed");
        Files.delete(copy.resolve("binlog.state"));
        assertThatThrownBy(
                        () ->
                                importCopy(
                                        copy,
                                        source.settings().dataDir(),
                                        Optional.of(
                                                new io.backstay.binlog.BinlogPosition(
                                                        "binlog.000001",
                                                        Files.size(
                                                                copy.resolve("binlog.000001"))))))
                .hasMessageContaining("that was stopped cleanly: InnoDB had to recover it");
        assertThat(Archive.open(archive).manifest().bases()).isEmpty();
    }

    @Test
    void copiesThatCannotBeTakenAreNamed() throws Exception {
        Disk.folder(copy.resolve("mysql"));
        Files.writeString(copy.resolve("ibdata1"), "");
        Files.writeString(copy.resolve("mysql.ibd"), "");
        refused("is the data directory of a MySQL 8 or later");
        Files.delete(copy.resolve("mysql.ibd"));
        Files.writeString(copy.resolve("ibdata2"), "");
        refused("has more than one system tablespace");
        String checkpoints = "backup_type = full-backuped\n";
        notes("incremental = Y\n", checkpoints);
        refused("is an incremental backup (incremental = Y)");
        notes("partial = Y\n", checkpoints);
        refused("is a partial backup (partial = Y)");
        notes("compressed = compressed\n", checkpoints);
        refused("is a compressed backup (compressed = compressed)");
        notes("", "backup_type = incremental\n");
        refused("is a backup of the type 'incremental'");
        Files.writeString(
                copy.resolve("backup-my.cnf"), "innodb_data_file_path=ibdata1:4M;../x:5M\n");
        notes("", checkpoints);
        refused("says innodb_data_file_path = ibdata1:4M;../x:5M in backup-my.cnf");
        Files.delete(copy.resolve("xtrabackup_checkpoints"));
        refused("is a backup without its file xtrabackup_checkpoints");
        Files.writeString(copy.resolve("xtrabackup_checkpoints"), checkpoints);
        Files.writeString(
                copy.resolve("xtrabackup_info"),
                "tool_name = xtrabackup\nserver_version = 8.0.36\n");
        refused("is of a server '8.0.36', not of MariaDB");
        notes("", checkpoints);
        Files.writeString(copy.resolve("t.ibd.qp"), "");
        refused("has files that are compressed or encrypted (t.ibd.qp)");
        Files.delete(copy.resolve("t.ibd.qp"));
        Files.createSymbolicLink(copy.resolve("elsewhere"), lab.folder);
        refused("has data outside of itself (elsewhere)");
        Path stream = Files.writeString(lab.folder.resolve("b.xb"), "XBSTCK01 and more");
        assertThatThrownBy(() -> importCopy(stream))
                .hasMessageContaining("is a physical backup in a stream");
    }

    @Test
    void aBackupOfTheServersOwnToolIsTakenPreparedOrNot() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(TOOL), "NOT RUN: no mariadb-backup here");
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(51, 2_000).load(root);
        }
        run(source, "SET gtid_domain_id = 9", "UPDATE shop.customer SET score = 4 WHERE id = 3");
        Path password = source.settings().runDir().resolve("client.cnf");
        Disk.writeAtomically(
                password,
                "[client]\npassword=" + source.settings().accounts().rootPassword() + "\n");
        tool(
                "--defaults-file=" + password,
                "--backup",
                "--user=root",
                "--host=" + source.settings().address(),
                "--port=" + source.settings().port(),
                "--skip-ssl",
                "--target-dir=" + copy);
        String at = one(source, "SELECT @@gtid_binlog_pos");
        run(
                source,
                "UPDATE shop.customer SET credit = credit + 1",
                "DELETE FROM shop.order_line WHERE line_no = 1");
        assertThat(importCopy(copy, source.settings().dataDir()).isBaseNew()).isTrue();
        assertThat(newest(archive).source().gtid()).isEqualTo(at);
        restored(source);

        Disk.deleteTree(archive);
        tool("--prepare", "--target-dir=" + copy);
        assertThat(importCopy(copy, source.settings().dataDir()).isBaseNew()).isTrue();
        assertThat(newest(archive).source().gtid()).isEqualTo(at);
        assertThat(new ArchiveVerifier(Archive.open(archive), p -> {}).verify().isSound()).isTrue();

        // a server lives on in the backup's folder: its notes are of another moment than its rows
        Disk.deleteTree(archive);
        source.kill();
        Disk.deleteTree(source.settings().dataDir());
        CopyFiles.copy(copy, source.settings().dataDir(), p -> true, n -> {});
        Files.writeString(
                source.settings().dataDir().resolve("backstay-opened-by"), RecoveryLab.OLD + "\n");
        source.start();
        run(source, "UPDATE shop.customer SET credit = credit + 1");
        source.stop(Duration.ofMinutes(1));
        assertThatThrownBy(() -> importCopy(source.settings().dataDir()))
                .hasMessageContaining("is not as mariadb-backup left it");
        assertThat(Archive.open(archive).manifest().bases()).isEmpty();
    }

    private void restored(LabServer source) {
        LabServer target = lab.started(RecoveryLab.OLD, 2);
        RestoreResult result =
                Restore.run(RestoreRequest.of(archive, address(target)), RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        assertThat(result.gtid()).isEqualTo(one(source, "SELECT @@gtid_binlog_pos"));
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
    }

    private void refused(String why) {
        assertThatThrownBy(() -> importCopy(copy)).hasMessageContaining(why);
    }

    private void notes(String info, String checkpoints) throws IOException {
        Files.writeString(
                copy.resolve("xtrabackup_info"),
                "tool_name = mariadb-backup\nserver_version = 10.11.5-MariaDB\n" + info);
        Files.writeString(copy.resolve("xtrabackup_checkpoints"), checkpoints);
    }

    private void copyAll(LabServer source, java.util.function.Predicate<Path> isWanted) {
        CopyFiles.copy(source.settings().dataDir(), copy, isWanted, n -> {});
    }

    private static void tool(String... arguments) {
        var command = new java.util.ArrayList<String>(List.of(TOOL.toString()));
        command.addAll(List.of(arguments));
        Commands.Result done = Commands.run(command, null, Duration.ofMinutes(2));
        assertThat(done.exit()).as(done.err()).isZero();
    }

    private BaseDocument newest(Path folder) {
        Archive opened = Archive.open(folder);
        return opened.document(opened.manifest().bases().getLast());
    }

    private IntakeResult importCopy(Path base) {
        return importCopy(base, Optional.empty(), Optional.empty());
    }

    private IntakeResult importCopy(Path base, Path logs) {
        return importCopy(base, Optional.of(logs), Optional.empty());
    }

    private IntakeResult importCopy(
            Path base, Path logs, Optional<io.backstay.binlog.BinlogPosition> from) {
        return importCopy(base, Optional.of(logs), from);
    }

    private IntakeResult importCopy(
            Path base, Optional<Path> logs, Optional<io.backstay.binlog.BinlogPosition> from) {
        try (var servers = new LabCopies(lab.folder.resolve("copies"))) {
            return Intake.run(
                    new IntakeRequest(archive, Optional.of(base), logs, from, "", 2),
                    RecoveryListener.silent(),
                    Optional.of(servers));
        }
    }

    private static String one(LabServer server, String sql) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
