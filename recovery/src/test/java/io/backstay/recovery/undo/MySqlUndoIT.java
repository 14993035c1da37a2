package io.backstay.recovery.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import io.backstay.lab.TableChecksums;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.MySqlLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.restore.GoOn;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import io.backstay.recovery.restore.Until;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A stretch of MySQL's log taken back on its source, and put onto a server that was restored.
@Tag("matrix")
@Timeout(300)
class MySqlUndoIT {
    private final MySqlLab lab = new MySqlLab();
    private MySqlLab.Instance source;
    private Path archive;

    @BeforeEach
    void start() {
        source = lab.started(1);
        source.run(
                "CREATE DATABASE d",
                "CREATE TABLE d.t (k VARCHAR(20), d DATETIME(3), u INT UNIQUE, g INT AS (u + 1) STORED, j JSON, e"
                        + " ENUM('','a'), b BLOB, f FLOAT, i INT INVISIBLE DEFAULT 4, PRIMARY KEY (k, d))",
                "CREATE TABLE d.p (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.c (id INT PRIMARY KEY, pid INT, FOREIGN KEY (pid) REFERENCES d.p (id) ON DELETE CASCADE)",
                "CREATE TABLE d.fired (n INT AUTO_INCREMENT PRIMARY KEY)",
                "INSERT INTO d.t (k, d, u, j, e, b, f) VALUES ('a\\t''', '2020-01-01 00:00:00.5', 1,"
                        + " JSON_ARRAY(CAST(1.10 AS DECIMAL(5,2)), 'x'), 'a', X'00FF', 0.1), ('ä', '2020-01-02', 2, NULL, '',"
                        + " NULL, NULL)",
                "INSERT INTO d.p VALUES (1, 1), (2, 2), (3, 3)",
                "INSERT INTO d.c VALUES (1, 1), (2, 2), (3, 3)",
                "CREATE TRIGGER d.fires AFTER DELETE ON d.t FOR EACH ROW INSERT INTO d.fired () VALUES ()");
        archive = lab.folder.resolve("a");
        Backup.run(new BackupRequest(archive, source.address(), 1), RecoveryListener.silent());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void badStretch() {
        source.run(
                "UPDATE d.t SET u = u + 10, j = JSON_ARRAY(CAST('2024-01-02' AS DATE)), f = 0.2, i = 5 WHERE u = 1",
                "SET SESSION binlog_transaction_compression = ON",
                "UPDATE d.t SET k = 'moved', d = '2021-02-03 04:05:06.789' WHERE u = 2",
                "SET SESSION binlog_transaction_compression = OFF",
                "INSERT INTO d.t (k, d, u) VALUES ('new', '2020-01-01', 3)",
                "DELETE FROM d.p WHERE id = 2",
                "UPDATE d.p SET v = 30 WHERE id = 3");
    }

    @Test
    void aBadStretchIsTakenBackExactlyAndConflictsAreLeft() throws Exception {
        source.run("UPDATE d.p SET v = 10 WHERE id = 1");
        Until from = last();
        TableChecksums before = checksums(source);
        badStretch();
        Until to = last();
        stream();
        UndoRequest request = UndoRequest.ofStretch(archive, source.address(), from, to, Set.of());
        Undo.Result tried = Undo.dryRun(request);
        assertThat(tried.isApplied()).isFalse();
        assertThat(tried.plan().conflicts()).isEmpty();
        assertThat(checksums(source).differences(before)).isNotEmpty();
        assertThatThrownBy(() -> Undo.run(request))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("this plan has not been confirmed");
        assertThat(Undo.run(request.confirmedBy(tried.plan().digest())).isApplied()).isTrue();
        assertThat(checksums(source).differences(before)).isEmpty();
        try (Server server = Server.connect(source.address())) {
            assertThat(server.requireValue("SELECT JSON_TYPE(j->'$[0]') FROM d.t WHERE u = 1"))
                    .isEqualTo("DECIMAL");
        }
        // the log has it as rows, for replicas and archives
        stream();
        MySqlLab.Instance target = lab.started(2);
        assertThat(restore(target, new Until.End()).unproven()).isEmpty();
        assertThat(checksums(target).differences(before)).isEmpty();

        source.run("UPDATE d.p SET v = 99 WHERE id = 1");
        Until.AtGtid one = last();
        source.run("UPDATE d.p SET v = 100 WHERE id = 1");
        stream();
        Undo.Result conflict =
                Undo.dryRun(
                        UndoRequest.ofTransaction(
                                archive, source.address(), one, Set.of(new TableName("d", "p"))));
        assertThat(conflict.plan().conflicts())
                .singleElement()
                .asString()
                .contains("d.p, key 1: it was changed since");
    }

    @Test
    void aRestoredServerGoesOnToALaterPointAndNoFurther() throws Exception {
        source.run("UPDATE d.p SET v = 10 WHERE id = 1");
        Until first = last();
        badStretch();
        Until second = last();
        TableChecksums then = checksums(source);
        String executedThen = executed(source);
        source.run("UPDATE d.p SET v = 77 WHERE id = 1");
        stream();
        MySqlLab.Instance target = lab.started(2);
        assertThat(restore(target, first).unproven()).isEmpty();
        GoOn.Result gone = goOn(target, second);
        assertThat(gone.transactions()).isEqualTo(5);
        assertThat(checksums(target).differences(then)).isEmpty();
        assertThat(executed(target)).isEqualTo(executedThen);
        assertThat(goOn(target, second).rows()).isZero();
        assertRefused(() -> goOn(target, first), "is behind " + first + " already");
        assertThat(goOn(target, new Until.End()).rows()).isEqualTo(1);
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThat(executed(target)).isEqualTo(executed(source));
        source.run("ALTER TABLE d.p ADD w INT");
        stream();
        assertRefused(
                () -> goOn(target, new Until.End()),
                "d.p: the statement \"ALTER TABLE d.p ADD w INT\"");
        target.run("INSERT INTO d.p VALUES (8, 8)");
        assertRefused(
                () -> goOn(target, new Until.End()),
                "which is not in the archive: it was written to");
    }

    private static void assertRefused(ThrowingCallable act, String says) {
        assertThatThrownBy(act).isInstanceOf(Problem.class).hasMessageContaining(says);
    }

    private GoOn.Result goOn(MySqlLab.Instance target, Until until) {
        return GoOn.run(request(target, until), RecoveryListener.silent());
    }

    private RestoreResult restore(MySqlLab.Instance target, Until until) {
        return Restore.run(request(target, until), RecoveryListener.silent());
    }

    private RestoreRequest request(MySqlLab.Instance target, Until until) {
        return new RestoreRequest(archive, target.address(), until, 2, false, true);
    }

    private void stream() throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, source.address()).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private Until.AtGtid last() {
        return (Until.AtGtid) Until.parse(executed(source).replaceFirst(":.*[:-]", ":"));
    }

    private static String executed(MySqlLab.Instance server) {
        try (Server session = Server.connect(server.address())) {
            return session.requireValue("SELECT @@GLOBAL.gtid_executed");
        }
    }

    private static TableChecksums checksums(MySqlLab.Instance server) throws SQLException {
        try (Server session = Server.connect(server.address())) {
            return TableChecksums.of(session.connection());
        }
    }
}
