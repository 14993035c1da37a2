package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.lab.Replication;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class GoOnIT {
    private static final String UNLOGGED = "SET sql_log_bin = 0";

    private final RecoveryLab lab = new RecoveryLab(139);
    private Path archive;
    private LabServer source;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aRestoredServerGoesOnToLaterTargetsAndItsReplicasFollow() throws Exception {
        source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(41, 500).load(root);
        }
        run(
                source,
                "CREATE TABLE shop.u (id INT PRIMARY KEY, k INT UNIQUE)",
                "INSERT INTO shop.u VALUES (1, 1), (2, 2), (3, 3)",
                "CREATE TRIGGER shop.fires AFTER DELETE ON shop.u FOR EACH ROW UPDATE shop.product SET stock = 0 WHERE id"
                        + " = OLD.id");
        archive = lab.folder.resolve("a");
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        run(source, "UPDATE shop.customer SET score = 2");
        String first = gtid();
        // a second domain
        run(
                source,
                "SET gtid_domain_id = 7",
                "UPDATE shop.u SET k = 33 WHERE id = 3",
                "SET gtid_domain_id = 0",
                "DELETE FROM shop.u WHERE id = 1",
                "INSERT INTO shop.u VALUES (9, 1)");
        stream();
        LabServer target = lab.started(RecoveryLab.NEW, 2);
        assertThat(Restore.run(request(target, first), RecoveryListener.silent()).isProven())
                .isTrue();
        GoOn.Result gone = GoOn.run(request(target, ""), RecoveryListener.silent());
        assertThat(gone.from()).isEqualTo(first);
        assertThat(gone.to()).isEqualTo(gtid());
        assertThat(gone.transactions()).isEqualTo(3);
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThat(GoOn.run(request(target, ""), RecoveryListener.silent()).transactions())
                .isZero();

        run(source, "INSERT INTO shop.u VALUES (10, 10)");
        stream();
        assertThat(GoOn.run(request(target, ""), RecoveryListener.silent()).rows()).isEqualTo(1);
        // and the source's replica it becomes: it takes over where the archive ends
        try (Connection root = target.connect()) {
            run(source, "INSERT INTO shop.u VALUES (11, 11)");
            Replication.follow(root, source.settings());
            Replication.awaitApplied(root, gtid(), Duration.ofSeconds(60));
        }
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
    }

    @Test
    void aServerThatWasWrittenToIsRefusedAndAKilledRunIsGoneOnWith() throws Exception {
        source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.t VALUES (1, 1), (2, 2)");
        archive = lab.folder.resolve("a");
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        String base = gtid();
        run(source, "UPDATE d.t SET v = 5", "INSERT INTO d.t VALUES (3, 3)");
        stream();
        LabServer target = lab.started(RecoveryLab.OLD, 2);
        Restore.run(request(target, base), RecoveryListener.silent());
        run(target, UNLOGGED, "UPDATE d.t SET v = 77 WHERE id = 2");
        assertThatThrownBy(() -> GoOn.run(request(target, ""), RecoveryListener.silent()))
                .hasMessageContaining(
                        "are not as the archive has them at its GTID position: d.t, key 2: it was changed since");
        assertThat(one(target, "SELECT v FROM d.t WHERE id = 1")).isEqualTo("1");
        // as a run leaves it that was killed between its commit and its GTID state
        run(target, UNLOGGED, "UPDATE d.t SET v = 5", "INSERT INTO d.t VALUES (3, 3)");
        GoOn.Result gone = GoOn.run(request(target, ""), RecoveryListener.silent());
        assertThat(gone.already()).isEqualTo(3);
        assertThat(gone.rows()).isZero();
        assertThat(one(target, "SELECT @@gtid_slave_pos")).isEqualTo(gtid());
        run(target, "INSERT INTO d.t VALUES (8, 8)");
        assertThatThrownBy(() -> GoOn.run(request(target, ""), RecoveryListener.silent()))
                .hasMessageContaining(
                        ", which is not in the archive: it was written to, or is of another cluster");
        assertThat(one(target, "SELECT @@read_only")).isEqualTo("0");
    }

    private RestoreRequest request(LabServer target, String until) {
        return new RestoreRequest(
                archive,
                address(target),
                until.isEmpty() ? new Until.End() : Until.parse(until),
                1,
                false,
                false);
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
        return one(source, "SELECT @@gtid_binlog_pos");
    }

    private static String one(LabServer server, String sql) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
