package io.backstay.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.TableChecksums;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.backup.BackupResult;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import io.backstay.recovery.restore.Until;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// From a MySQL 9.7 to an archive to an empty MySQL 9.7. Run by `make matrix`, which fetches the
/// server.
@Tag("matrix")
@Timeout(300)
class MySqlRecoveryIT {
    private static final MySqlLab LAB = new MySqlLab();
    private static MySqlLab.Instance source;
    private static Path archive;
    private static BackupResult backup;
    private static String executedBefore;
    private static String executedAfter;

    @BeforeAll
    static void backUpAServerThatIsWrittenTo() throws Exception {
        source = LAB.started(1);
        source.run(MySqlTorture.statements());
        source.run(
                "CREATE DATABASE busy",
                "CREATE TABLE busy.t (id BIGINT AUTO_INCREMENT PRIMARY KEY, n INT, s VARCHAR(200))",
                "CREATE TABLE busy.twin (id BIGINT PRIMARY KEY, n INT, s VARCHAR(200))");
        archive = LAB.folder.resolve("a");
        executedBefore = executed(source);
        try (var writer = new Writer(source)) {
            writer.awaitTransactions(200);
            backup =
                    Backup.run(
                            new BackupRequest(archive, source.address(), 3),
                            RecoveryListener.silent());
            writer.awaitTransactions(400);
        }
        executedAfter = executed(source);
    }

    @AfterAll
    static void close() {
        LAB.close();
    }

    @Test
    void theBaseIsOneMomentOfAServerThatIsWrittenTo() {
        assertThat(new ArchiveVerifier(Archive.open(archive), part -> {}).verify().damages())
                .isEmpty();
        assertThat(backup.document().source().gtid())
                .isNotEqualTo(executedBefore)
                .isNotEqualTo(executedAfter);
        assertThat(backup.document().source().file()).startsWith("binlog.");
        assertThat(backup.document().lock().kind()).isEqualTo("FLUSH TABLES WITH READ LOCK");
        assertThat(backup.document().schemas())
                .extracting("name")
                .containsExactly("busy", "torture");
        var digests =
                backup.document().tables().stream()
                        .filter(table -> table.schema().equals("busy"))
                        .map(table -> table.rows() + " " + table.digest())
                        .distinct()
                        .toList();
        assertThat(digests).as("each transaction writes the same row to both").hasSize(1);
    }

    @Test
    void theBaseComesBackAsItWas() throws Exception {
        MySqlLab.Instance target = LAB.started(2);
        RestoreResult result =
                Restore.run(
                        RestoreRequest.of(archive, target.address()), RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        assertThat(executed(target)).isEqualTo(backup.document().source().gtid());
        var here = checksums(target);
        var there = checksums(source);
        assertThat(here.differences(there)).containsExactly("busy.t", "busy.twin");
        assertThat(here.byTable().get("busy.t")).isEqualTo(here.byTable().get("busy.twin"));
        try (Server server = Server.connect(target.address());
                Server from = Server.connect(source.address())) {
            assertThat(server.requireValue("SELECT @@GLOBAL.gtid_purged"))
                    .isEqualTo(server.requireValue("SELECT @@GLOBAL.gtid_executed"));
            assertThat(server.requireValue("SELECT @@GLOBAL.read_only")).isEqualTo("0");
            assertThat(server.rows("SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'").toString())
                    .contains("ON");
            assertThat(server.requireValue("SELECT STATUS FROM information_schema.EVENTS"))
                    .isEqualTo("DISABLED");
            assertThat(server.findValue("SELECT COUNT(*) FROM torture.v")).contains("3");
            for (String show :
                    new String[] {
                        "CREATE TABLE torture.k",
                        "CREATE TABLE torture.hidden_key",
                        "CREATE TABLE torture.parts",
                        "CREATE TABLE torture.child",
                        "CREATE FUNCTION torture.f",
                        "CREATE PROCEDURE torture.p",
                        "CREATE VIEW torture.v",
                        "CREATE USER w@localhost",
                        "CREATE USER reader",
                        "GRANTS FOR w@localhost",
                        "GRANTS FOR reader"
                    }) {
                assertThat(shown(server, show)).as(show).isEqualTo(shown(from, show));
            }
        }
    }

    private static String shown(Server server, String what) {
        server.execute("SET SESSION print_identified_with_as_hex = ON");
        return server.rows("SHOW " + what).stream()
                .map(row -> row.values().toString())
                .toList()
                .toString();
    }

    @Test
    void anAccountThatHasNoMoreThanItsGrantsRestores() throws Exception {
        MySqlLab.Instance target = LAB.started(5);
        target.run(
                "SET SESSION sql_log_bin = 0",
                "CREATE USER r@localhost",
                RecoveryTask.RESTORE_DATA.grant("r@localhost", Flavour.MYSQL),
                "RESET BINARY LOGS AND GTIDS");
        RestoreResult result =
                Restore.run(
                        new RestoreRequest(
                                archive,
                                ServerAddress.parse("mysql://" + target.socket() + "?user=r"),
                                new Until.End(),
                                2,
                                false,
                                false),
                        RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        try (Server server = Server.connect(target.address())) {
            assertThat(server.requireValue("SELECT @@GLOBAL.log_bin_trust_function_creators"))
                    .isEqualTo("0");
            assertThat(server.requireValue("SELECT torture.f(1)")).isEqualTo("2");
        }
    }

    @Test
    void aServerThatHasTransactionsIsRefusedAndLeftAsItWas() {
        MySqlLab.Instance target = LAB.started(3, "--local-infile=0");
        target.run("CREATE DATABASE mine");
        String before = executed(target);
        assertThatThrownBy(
                        () ->
                                Restore.run(
                                        RestoreRequest.of(archive, target.address()),
                                        RecoveryListener.silent()))
                .isInstanceOfSatisfying(
                        Problem.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED))
                .hasMessageContaining("its local_infile is off")
                .hasMessageContaining("it holds the schema mine")
                .hasMessageContaining("its gtid_executed is " + before);
        assertThat(executed(target)).isEqualTo(before);
    }

    @Test
    void whatItCannotDoIsRefusedByName() throws Exception {
        MySqlLab.Instance target = LAB.started(4);
        assertRefused(
                "archive %s does not reach 0-1-1 from any of its bases".formatted(archive),
                () ->
                        Restore.plan(
                                new RestoreRequest(
                                        archive,
                                        target.address(),
                                        new Until.AtGtid(new MariaDbGtid(0, 1, 1)),
                                        1,
                                        false,
                                        true)));
        assertRefused(
                "waits for no acknowledgement: rpl_semi_sync_source_enabled is not there",
                () -> {
                    try (Streamer streamer =
                            Streamer.start(
                                    StreamRequest.of(archive, source.address()).semiSync(),
                                    RecoveryListener.silent())) {
                        streamer.awaitEnd();
                    }
                });
        assertThat(executed(target)).isEmpty();
    }

    @Test
    void anArchiveOfMySqlIsNotLoadedIntoMariaDb() {
        try (var lab = new RecoveryLab(119)) {
            var mariaDb = lab.started(RecoveryLab.NEW, 1);
            RecoveryLab.run(mariaDb, "RESET MASTER");
            assertThatThrownBy(
                            () ->
                                    Restore.run(
                                            RestoreRequest.of(
                                                    archive, RecoveryLab.address(mariaDb)),
                                            RecoveryListener.silent()))
                    .isInstanceOfSatisfying(
                            Problem.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED))
                    .hasMessageContaining("it is MariaDB 11.4.5")
                    .hasMessageContaining("the base is of MySQL 9.7");
        }
    }

    private static void assertRefused(String says, ThrowingCallable act) {
        assertThatThrownBy(act).isInstanceOf(Problem.class).hasMessageContaining(says);
    }

    static String executed(MySqlLab.Instance instance) {
        try (Server server = Server.connect(instance.address())) {
            return server.requireValue("SELECT @@GLOBAL.gtid_executed").replace("\n", "");
        }
    }

    static TableChecksums checksums(MySqlLab.Instance instance) throws SQLException {
        try (Server server = Server.connect(instance.address())) {
            return TableChecksums.of(server.connection());
        }
    }

    /// Writes the same row to two tables in one transaction, again and again.
    private static final class Writer implements AutoCloseable {
        private final Thread thread;
        private volatile boolean isEnding;
        private volatile long transactions;
        private volatile RuntimeException failure;

        Writer(MySqlLab.Instance server) {
            thread = Thread.ofPlatform().name("writer").start(() -> write(server));
        }

        private void write(MySqlLab.Instance instance) {
            try (Server server = Server.connect(instance.address())) {
                for (long i = 1; !isEnding; i++) {
                    String row = " VALUES (%d, %d, REPEAT('x', %d))".formatted(i, i * 7, i % 200);
                    server.execute("BEGIN");
                    server.execute("INSERT INTO busy.t" + row);
                    server.execute("INSERT INTO busy.twin" + row);
                    server.execute("COMMIT");
                    transactions = i;
                }
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        void awaitTransactions(long wanted) throws InterruptedException {
            while (transactions < wanted) {
                if (failure != null) {
                    throw failure;
                }
                Thread.sleep(5);
            }
        }

        @Override
        public void close() {
            isEnding = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
