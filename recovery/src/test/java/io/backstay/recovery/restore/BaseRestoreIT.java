package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.backup.BackupResult;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class BaseRestoreIT {
    private static final RecoveryLab LAB = new RecoveryLab(101);
    // as every fresh installation has it
    private static final String[] ROOT_MAY_PROXY = {
        "INSERT INTO mysql.proxies_priv (Host, User, Proxied_host, Proxied_user, With_grant, Grantor) VALUES ('127.%', 'root', '%', '', 1, '')",
        "FLUSH PRIVILEGES"
    };
    private static LabServer source;
    private static Path archive;
    private static BackupResult backup;

    @BeforeAll
    static void backUpASourceOfEveryType() throws Exception {
        source = LAB.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(7, 2_000).load(root);
        }
        run(source, TypeTorture.statements());
        run(source, ROOT_MAY_PROXY);
        run(source, "GRANT PROXY ON ''@'%' TO w@localhost");
        archive = LAB.folder.resolve("a");
        backup =
                Backup.run(
                        new BackupRequest(archive, address(source), 2), RecoveryListener.silent());
    }

    @AfterAll
    static void close() {
        LAB.close();
    }

    @Test
    void theArchiveOfABackupIsSound() {
        assertThat(new ArchiveVerifier(Archive.open(archive), part -> {}).verify().damages())
                .isEmpty();
        assertThat(backup.document().source().gtid()).matches("0-1-\\d+");
        assertThat(backup.document().lock().heldMicros()).isPositive();
    }

    @Test
    void everyTypeComesBackOnTheSameAndOnANewerServer() throws Exception {
        for (String version : new String[] {RecoveryLab.OLD, RecoveryLab.NEW}) {
            LabServer target = LAB.started(version, version.equals(RecoveryLab.OLD) ? 2 : 3);
            run(target, ROOT_MAY_PROXY);
            run(target, "RESET MASTER");
            RestoreResult result =
                    Restore.run(
                            RestoreRequest.of(archive, address(target)), RecoveryListener.silent());
            assertThat(result.unproven()).isEmpty();
            assertThat(result.notes())
                    .contains(
                            "account root@127.% is as the target had it: the restore logged in as it");
            assertThat(checksums(target).differences(checksums(source))).isEmpty();
            try (Server server = Server.connect(address(target));
                    Server from = Server.connect(address(source))) {
                assertThat(server.requireValue("SELECT @@gtid_binlog_state"))
                        .isEqualTo(backup.document().source().gtidBinlogState());
                assertThat(server.requireValue("SELECT @@gtid_slave_pos"))
                        .isEqualTo(backup.document().source().gtid());
                assertThat(server.requireValue("SELECT @@read_only")).isEqualTo("0");
                assertThat(server.findValue("SELECT COUNT(*) FROM torture.v")).contains("3");
                assertThat(server.requireValue("SELECT NEXTVAL(torture.q)")).isEqualTo("105");
                for (String show :
                        new String[] {
                            "TABLE torture.k",
                            "TRIGGER torture.tr",
                            "FUNCTION torture.f",
                            "VIEW torture.v"
                        }) {
                    assertThat(
                                    server.rows("SHOW CREATE " + show)
                                            .getFirst()
                                            .values()
                                            .toString()
                                            .replace(" uca1400_ai_ci", ""))
                            .startsWith(
                                    from.rows("SHOW CREATE " + show)
                                            .getFirst()
                                            .values()
                                            .toString()
                                            .substring(0, 40));
                }
                assertThat(server.requireValue("SELECT STATUS FROM information_schema.EVENTS"))
                        .isEqualTo("DISABLED");
                assertThat(server.rows("SHOW GRANTS FOR w@localhost").toString())
                        .contains("EXECUTE")
                        .contains("GRANT PROXY");
                assertThat(server.rows("SHOW GRANTS").toString()).contains("ALL PRIVILEGES");
            }
            target.stop(java.time.Duration.ofSeconds(20));
        }
    }

    @Test
    void aTargetWithDataIsRefusedAndLeftAsItWas() {
        LabServer target = LAB.started(RecoveryLab.OLD, 4);
        run(
                target,
                "CREATE DATABASE mine",
                "CREATE TABLE mine.t (a INT PRIMARY KEY)",
                "INSERT INTO mine.t VALUES (1)");
        var before = checksums(target);
        try (Server server = Server.connect(address(target))) {
            String state = server.requireValue("SELECT @@gtid_binlog_state");
            assertThatThrownBy(
                            () ->
                                    Restore.run(
                                            RestoreRequest.of(archive, address(target)),
                                            RecoveryListener.silent()))
                    .isInstanceOfSatisfying(
                            Problem.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED))
                    .hasMessageContaining(
                            "it holds the schema mine; a client is connected: root from 127.0.0.1:")
                    .hasMessageContaining("its binary log has GTIDs: 0-4-3")
                    .hasMessageEndingWith(
                            "HINT: give a fresh server. Nothing was changed on this one.");
            assertThat(checksums(target)).isEqualTo(before);
            assertThat(server.requireValue("SELECT @@gtid_binlog_state")).isEqualTo(state);
            assertThat(server.requireValue("SELECT @@read_only")).isEqualTo("0");
        }
    }

    @Test
    void aTableWithoutASnapshotIsRefusedByName() {
        LabServer other = LAB.started(RecoveryLab.OLD, 5);
        run(
                other,
                "CREATE DATABASE d",
                "CREATE TABLE d.m (a INT) ENGINE=MyISAM",
                "CREATE TABLE d.v (a INT) WITH SYSTEM VERSIONING");
        assertThatThrownBy(
                        () ->
                                Backup.run(
                                        new BackupRequest(
                                                LAB.folder.resolve("b"), address(other), 1),
                                        RecoveryListener.silent()))
                .hasMessageStartingWith(
                        "backup cannot copy consistently: d.m (engine MyISAM has no snapshot), d.v (system versioned"
                                + " table)\nHINT: ");
    }
}
