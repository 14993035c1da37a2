package io.backstay.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Disk;
import io.backstay.doors.Problem;
import io.backstay.lab.LabServer;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.backup.BackupResult;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.Until;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Accounts with the privileges that `doctor --grants` prints, and no more.
@Timeout(180)
class RecoveryTaskIT {
    private static final RecoveryLab LAB = new RecoveryLab(117);
    private static int hosts;

    @AfterAll
    static void close() {
        LAB.close();
    }

    @Test
    void aMemberOfAClusterThatCommitsAsOneIsRefusedByName() throws Exception {
        ServerAddress member =
                RecoveryLab.address(
                        LAB.started(
                                RecoveryLab.OLD, ++hosts, "--wsrep-on=ON", "--binlog-format=ROW"));
        Path archive = LAB.folder.resolve("galera");
        assertThatThrownBy(
                        () ->
                                Backup.run(
                                        new BackupRequest(archive, member, 1),
                                        RecoveryListener.silent()))
                .isInstanceOf(Problem.class)
                .hasMessageMatching(
                        "(?s)cannot back up .*: it is a member of a Galera cluster.*HINT: give a replica.*");
        LabServer source = LAB.started(RecoveryLab.OLD, ++hosts);
        Backup.run(
                new BackupRequest(archive, RecoveryLab.address(source), 1),
                RecoveryListener.silent());
        assertThatThrownBy(
                        () ->
                                Restore.run(
                                        RestoreRequest.of(archive, member),
                                        RecoveryListener.silent()))
                .hasMessageContaining("cannot restore to ")
                .hasMessageContaining("Galera");
    }

    @ParameterizedTest
    @ValueSource(strings = {RecoveryLab.OLD, RecoveryLab.NEW})
    void whatIsPrintedIsEnoughAndEachOfABackupIsNeeded(String version) throws Exception {
        LabServer source = LAB.started(version, ++hosts);
        RecoveryLab.run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT, KEY (v)) ENGINE=InnoDB",
                "CREATE TABLE d.u (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES d.t (id)) ENGINE=InnoDB",
                "INSERT INTO d.t VALUES (1, 1)",
                "CREATE TRIGGER d.tr BEFORE INSERT ON d.t FOR EACH ROW SET NEW.v = 1",
                "CREATE EVENT d.e ON SCHEDULE EVERY 1 DAY DO DELETE FROM d.t",
                "CREATE FUNCTION d.f() RETURNS INT DETERMINISTIC RETURN 1",
                "CREATE VIEW d.v AS SELECT d.f() AS a, t.* FROM d.t",
                "CREATE SEQUENCE d.s",
                "CREATE USER someone@localhost IDENTIFIED BY 'x'",
                "GRANT ALL ON d.* TO someone@localhost");
        Path archive = LAB.folder.resolve("a" + version);
        for (String missing : RecoveryTask.BACKUP.privileges().keySet()) {
            ServerAddress less = account(source, RecoveryTask.BACKUP, "less");
            RecoveryLab.run(source, "REVOKE " + missing + " ON *.* FROM less@'%'");
            assertThatThrownBy(
                            () ->
                                    Backup.run(
                                            new BackupRequest(archive, less, 2),
                                            RecoveryListener.silent()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("account less@% on")
                    .hasMessageContaining("lacks " + missing + " (");
        }
        ServerAddress follower = account(source, RecoveryTask.STREAM, "stream");
        BackupResult backup =
                Backup.run(
                        new BackupRequest(
                                archive, account(source, RecoveryTask.BACKUP, "backup"), 2),
                        RecoveryListener.silent());
        assertThat(backup.document().programs()).hasSize(5);
        assertThat(backup.document().accounts()).anyMatch(sql -> sql.contains("`someone`"));
        assertThat(backup.document().warnings()).isEmpty();
        RecoveryLab.run(
                source,
                "INSERT INTO d.t VALUES (2, 2)",
                // and what a server has to execute
                "SET binlog_row_image = 'MINIMAL'",
                "UPDATE d.t SET v = 3 WHERE id = 1",
                "SET binlog_format = 'STATEMENT'",
                "CREATE TEMPORARY TABLE d.tt (a INT)",
                "INSERT INTO d.t SELECT 3 + COUNT(*), 3 FROM d.tt",
                "ALTER TABLE d.u ADD w INT DEFAULT 2");
        try (Streamer stream =
                Streamer.start(
                        StreamRequest.of(archive, follower).untilNow(),
                        RecoveryListener.silent())) {
            stream.awaitEnd();
        }

        for (RecoveryTask task :
                new RecoveryTask[] {RecoveryTask.RESTORE_DATA, RecoveryTask.RESTORE}) {
            LabServer target = LAB.started(version, ++hosts);
            ServerAddress account = account(target, task, "restore");
            RecoveryLab.run(target, "RESET MASTER");
            boolean withAccounts = task == RecoveryTask.RESTORE;
            var result =
                    Restore.run(
                            new RestoreRequest(
                                    archive, account, new Until.End(), 2, false, withAccounts),
                            RecoveryListener.silent());
            assertThat(result.unproven()).allMatch(t -> t.contains("the server's own word"));
            assertThat(RecoveryLab.checksums(target).differences(RecoveryLab.checksums(source)))
                    .isEmpty();
        }
    }

    private static ServerAddress account(LabServer server, RecoveryTask task, String name) {
        RecoveryLab.run(
                server,
                "CREATE OR REPLACE USER %s@'%%' IDENTIFIED BY 'pw-%s'".formatted(name, name),
                task.grant(name + "@'%'").replaceFirst(";$", ""));
        Path password = server.settings().runDir().resolve("password-" + name);
        Disk.writeAtomically(password, "pw-" + name + "\n");
        return ServerAddress.parse(
                "mysql://%s@%s?password-file=%s"
                        .formatted(name, server.settings().endpoint(), password));
    }
}
