package io.backstay.recovery.undo;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.lab.Replication;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.restore.Until;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class UndoIT {
    private final RecoveryLab lab = new RecoveryLab(137);
    private LabServer source;
    private Path archive;

    @AfterEach
    void close() {
        lab.close();
    }

    private void start(String version, String... statements) {
        source = lab.started(version, 1);
        run(source, statements);
        archive = lab.folder.resolve("a");
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
    }

    @ParameterizedTest
    @ValueSource(strings = {RecoveryLab.OLD, RecoveryLab.NEW})
    void aBadStretchOverEveryTypeIsTakenBackExactlyAndReachesReplicas(String version)
            throws Exception {
        source = lab.started(version, 1);
        try (Connection root = source.connect()) {
            new MockData(21, 800).load(root);
        }
        run(
                source,
                "CREATE TABLE shop.log (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(20))",
                "CREATE TABLE shop.k (k VARCHAR(20) COLLATE utf8mb4_bin, d DATETIME(3), u INT UNIQUE, g INT AS (u + 1)"
                        + " VIRTUAL, PRIMARY KEY (k, d))",
                "CREATE TRIGGER shop.fires AFTER UPDATE ON shop.product FOR EACH ROW INSERT INTO shop.log (t) VALUES"
                        + " (NEW.id)",
                "INSERT INTO shop.k (k, d, u) VALUES ('a\\t''', '2020-01-01 00:00:00.5', 1), ('ä', '2020-01-02', 2), ('c', '0000-00-00', NULL)");
        LabServer replica = lab.started(version, 2);
        try (Connection root = replica.connect()) {
            Replication.follow(root, source.settings());
        }
        archive = lab.folder.resolve("a");
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        run(source, "UPDATE shop.customer SET score = 1 WHERE id = 3");
        String from = gtid();
        var before = checksums(source);
        run(
                source,
                "UPDATE shop.product SET weight = weight + 0.1, stock = stock - 1",
                "UPDATE shop.k SET u = 9 WHERE u = 2",
                "UPDATE shop.k SET k = 'moved', d = '2021-02-03 04:05:06.789' WHERE u = 1",
                "DELETE FROM shop.k WHERE k = 'c'",
                "INSERT INTO shop.k (k, d, u) VALUES ('new', '2020-01-01', 2)");
        String to = gtid();
        stream();

        UndoRequest request = stretch(from, to);
        Undo.Result tried = Undo.dryRun(request);
        assertThat(tried.isApplied()).isFalse();
        assertThat(tried.plan().conflicts()).isEmpty();
        assertThat(checksums(source).differences(before)).isNotEmpty();
        assertThat(problem(() -> Undo.run(request)).code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(problem(() -> Undo.run(request.confirmedBy("0".repeat(64)))))
                .hasMessageStartingWith("what was confirmed, ");
        assertThat(checksums(source).differences(before)).isNotEmpty();

        Undo.Result done = Undo.run(request.confirmedBy(tried.plan().digest().substring(0, 12)));
        assertThat(done.isApplied()).isTrue();
        assertThat(checksums(source).differences(before)).isEmpty();
        try (Connection root = replica.connect()) {
            Replication.awaitApplied(root, gtid(), Duration.ofSeconds(60));
        }
        assertThat(checksums(replica).differences(before)).isEmpty();

        // the same again finds everything as it was
        UndoPlan again = Undo.dryRun(request).plan();
        assertThat(again.rows()).isZero();
        assertThat(again.conflictCount()).isZero();
    }

    @Test
    void aRowThatHasMovedOnIsListedAndLeftAndOneTransactionIsTakenOut() throws Exception {
        start(
                RecoveryLab.OLD,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.other (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.t VALUES (1, 1), (2, 2), (3, 3), (4, 4)",
                "INSERT INTO d.other VALUES (1, 1)");
        run(
                source,
                "BEGIN",
                "UPDATE d.t SET v = v * 10",
                "UPDATE d.other SET v = 5",
                "INSERT INTO d.t VALUES (5, 5)",
                "DELETE FROM d.t WHERE id = 4",
                "COMMIT");
        String bad = gtid();
        run(
                source,
                "UPDATE d.t SET v = 77 WHERE id = 1",
                "DELETE FROM d.t WHERE id = 2",
                "INSERT INTO d.t VALUES (4, 44)");
        stream();
        var request =
                UndoRequest.ofTransaction(
                        archive,
                        address(source),
                        (Until.AtGtid) Until.parse(bad),
                        Set.of(new TableName("d", "t")));
        UndoPlan plan = Undo.dryRun(request).plan();
        assertThat(plan.conflicts())
                .containsExactlyInAnyOrder(
                        "d.t, key 1: it was changed since",
                        "d.t, key 2: it is gone since",
                        "d.t, key 4: it is there again since");
        assertThat(plan.text())
                .contains("undo transaction " + bad)
                .contains("net 2 rows to put back");
        Undo.run(request.confirmedBy(plan.digest()));
        assertThat(one("SELECT GROUP_CONCAT(CONCAT(id, '=', v) ORDER BY id) FROM d.t"))
                .isEqualTo("1=77,3=3,4=44");
        assertThat(one("SELECT v FROM d.other")).isEqualTo("5");
    }

    @Test
    void rowsThatOthersHangOnAreRefusedAndFamiliesGoTogether() throws Exception {
        start(
                RecoveryLab.OLD,
                "CREATE DATABASE d",
                "CREATE TABLE d.z_parent (id INT PRIMARY KEY)",
                "CREATE TABLE d.child (id INT PRIMARY KEY, p INT, CONSTRAINT hangs FOREIGN KEY (p) REFERENCES z_parent"
                        + " (id) ON DELETE CASCADE)");
        String from = one("SELECT IF(@@gtid_binlog_pos = '', '0-1-0', @@gtid_binlog_pos)");
        run(source, "INSERT INTO d.z_parent VALUES (1), (2)", "INSERT INTO d.child VALUES (10, 1)");
        String to = gtid();
        stream();
        var parentOnly =
                UndoRequest.ofStretch(
                        archive,
                        address(source),
                        Until.parse(from),
                        Until.parse(to),
                        Set.of(new TableName("d", "z_parent")));
        assertThat(problem(() -> Undo.dryRun(parentOnly)))
                .hasMessageStartingWith(
                        "cannot take the row 1 of d.z_parent out: rows of d.child hang on it by the foreign key hangs\nHINT: ");
        assertThat(one("SELECT COUNT(*) FROM d.child")).isEqualTo("1");
        UndoRequest both = stretch(from, to);
        Undo.run(both.confirmedBy(Undo.dryRun(both).plan().digest()));
        assertThat(one("SELECT (SELECT COUNT(*) FROM d.child) + (SELECT COUNT(*) FROM d.z_parent)"))
                .isEqualTo("0");
    }

    @Test
    void aServerThatIsNotTheOneOrATableThatChangedIsRefused() throws Exception {
        start(
                RecoveryLab.OLD,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.t VALUES (1, 1)");
        String from = gtid();
        run(source, "UPDATE d.t SET v = 2");
        String to = gtid();
        stream();
        LabServer stranger = lab.started(RecoveryLab.OLD, 3);
        var wrong =
                UndoRequest.ofStretch(
                        archive, address(stranger), Until.parse(from), Until.parse(to), Set.of());
        assertThat(problem(() -> Undo.dryRun(wrong)))
                .hasMessageContaining(" has not had the transaction " + to);
        run(source, "ALTER TABLE d.t ADD COLUMN w INT FIRST");
        assertThat(problem(() -> Undo.dryRun(stretch(from, to))))
                .hasMessageContaining("its columns or its key are not as the base has them");
    }

    private UndoRequest stretch(String from, String to) {
        return UndoRequest.ofStretch(
                archive, address(source), Until.parse(from), Until.parse(to), Set.of());
    }

    private void stream() throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private String gtid() {
        return one("SELECT @@gtid_binlog_pos");
    }

    private String one(String sql) {
        try (Server session = Server.connect(address(source))) {
            return session.requireValue(sql);
        }
    }

    private static Problem problem(Runnable act) {
        try {
            act.run();
        } catch (Problem e) {
            return e;
        }
        throw new AssertionError("not refused");
    }
}
