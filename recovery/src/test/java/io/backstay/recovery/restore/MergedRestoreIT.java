package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Problem;
import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.lab.Replication;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.replay.OneSessionReplay;
import io.backstay.recovery.replay.ReplayResult;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class MergedRestoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RecoveryLab lab = new RecoveryLab(120);

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aRestoreUnderTrafficEqualsAReplicaStoppedAtTheSameTransaction() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(11, 3_000).load(root);
        }
        run(
                source,
                "CREATE DATABASE w",
                "CREATE TABLE w.t (a INT, b INT, c VARCHAR(50), d DOUBLE, PRIMARY KEY (b, a), KEY (c))");
        LabServer replica = lab.started(RecoveryLab.OLD, 2);
        try (Connection root = replica.connect()) {
            Replication.follow(root, source.settings());
        }
        Path folder = lab.folder.resolve("a");
        var isStopping = new AtomicBoolean();
        Thread traffic = Thread.ofPlatform().start(() -> write(source, isStopping, 5));
        Backup.run(new BackupRequest(folder, address(source), 2), RecoveryListener.silent());
        MariaDbGtidState end;
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).withSegmentBytes(200_000),
                        RecoveryListener.silent())) {
            awaitTransactions(streamer, 3_000);
            isStopping.set(true);
            traffic.join();
            end = MariaDbGtidState.parse(one(source, "SELECT @@gtid_binlog_pos"));
            assertThat(streamer.awaitEnd(end, PATIENCE)).isTrue();
        }
        assertThat(new ArchiveVerifier(Archive.open(folder), p -> {}).verify().damages()).isEmpty();
        assertThat(Archive.open(folder).manifest().segments()).hasSizeGreaterThan(2);

        LabServer target = lab.started(RecoveryLab.NEW, 3);
        RestoreResult result =
                Restore.run(RestoreRequest.of(folder, address(target)), RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        assertThat(result.gtid()).isEqualTo(end.toString());
        assertThat(result.transactions()).isGreaterThan(2_000);
        assertThat(result.tables()).filteredOn(t -> t.lane().equals("merged")).isNotEmpty();
        try (Connection root = replica.connect()) {
            Replication.awaitApplied(root, end.toString(), PATIENCE);
        }
        assertThat(checksums(target).differences(checksums(replica))).isEmpty();

        // the same by executing every event again on the base alone
        LabServer replayed = lab.started(RecoveryLab.OLD, 4);
        var baseOnly =
                new RestoreRequest(folder, address(replayed), new Until.End(), 2, true, false);
        assertThat(Restore.run(baseOnly, RecoveryListener.silent()).transactions()).isZero();
        assertThat(checksums(replayed).differences(checksums(replica))).isNotEmpty();
        ReplayResult replay = OneSessionReplay.run(Archive.open(folder), address(replayed));
        assertThat(replay.transactions()).isEqualTo(result.transactions());
        assertThat(checksums(replayed).differences(checksums(replica))).isEmpty();

        // a replica attaches to the restored server, and the restored server to the source
        run(
                target,
                "CREATE USER r IDENTIFIED BY 'replica-word'",
                "GRANT REPLICATION SLAVE ON *.* TO r",
                "INSERT INTO w.t VALUES (-1, -1, 'from the restored', 1)");
        run(replica, "STOP SLAVE", "RESET SLAVE ALL");
        try (Connection root = replica.connect()) {
            Replication.follow(root, target.settings().address(), 3306, "r", "replica-word", null);
            Replication.awaitApplied(root, one(target, "SELECT @@gtid_binlog_pos"), PATIENCE);
        }
        assertThat(checksums(target).differences(checksums(replica))).isEmpty();
    }

    @Test
    void everyWayToSayUntilStopsBetweenTheRightTransactions() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (a INT PRIMARY KEY, b INT)",
                "INSERT INTO d.t VALUES (0, 0)");
        Path folder = lab.folder.resolve("a");
        Backup.run(new BackupRequest(folder, address(source), 1), RecoveryListener.silent());
        run(source, "INSERT INTO d.t VALUES (1, 1)", "UPDATE d.t SET b = 5 WHERE a = 0");
        String gtid = one(source, "SELECT @@gtid_binlog_pos");
        String file;
        String position;
        try (Server server = Server.connect(address(source))) {
            var status = server.rows("SHOW MASTER STATUS").getFirst();
            file = status.require("File");
            position = status.require("Position");
        }
        String time =
                one(
                        source,
                        "SELECT DATE_FORMAT(UTC_TIMESTAMP() + INTERVAL 1 SECOND, '%Y-%m-%dT%TZ')");
        try (Server server = Server.connect(address(source))) {
            server.execute("SET TIMESTAMP = UNIX_TIMESTAMP() + 100");
            server.execute("DELETE FROM d.t WHERE a = 1");
            // begun before that time, logged after the deletion: it must not bring that in
            server.execute("SET TIMESTAMP = UNIX_TIMESTAMP() - 100");
            server.execute("INSERT INTO d.t VALUES (9, 9)");
        }
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
        int host = 2;
        for (String until :
                new String[] {
                    gtid, file + ":" + position, file + ":" + (Long.parseLong(position) + 20)
                }) {
            LabServer target = lab.started(RecoveryLab.OLD, host++);
            var request =
                    new RestoreRequest(
                            folder, address(target), Until.parse(until), 1, false, false);
            RestoreResult result = Restore.run(request, RecoveryListener.silent());
            assertThat(result.gtid()).as(until).isEqualTo(gtid);
            assertThat(one(target, "SELECT GROUP_CONCAT(CONCAT(a, '=', b) ORDER BY a) FROM d.t"))
                    .isEqualTo("0=5,1=1");
            target.stop(Duration.ofSeconds(10));
        }
        var plan =
                Restore.plan(
                        new RestoreRequest(
                                folder, address(source), Until.parse(time), 1, false, false));
        assertThat(plan.stop().toString()).contains(gtid.substring(gtid.lastIndexOf('-') + 1));
        assertThatThrownBy(
                        () ->
                                Restore.plan(
                                        new RestoreRequest(
                                                folder,
                                                address(source),
                                                new Until.AtGtid(MariaDbGtid.parse("0-1-999")),
                                                1,
                                                false,
                                                false)))
                .hasMessageStartingWith(
                        "archive "
                                + folder
                                + " does not reach 0-1-999 from any of its bases\nHINT: ");
    }

    @Test
    void aDamagedSegmentOrChunkIsRefusedBeforeItIsUsed() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (a INT PRIMARY KEY, b INT)",
                "USE d",
                "INSERT INTO d.t SELECT seq, seq FROM seq_1_to_100");
        Path folder = lab.folder.resolve("a");
        Backup.run(new BackupRequest(folder, address(source), 1), RecoveryListener.silent());
        run(source, "DELETE FROM d.t WHERE a < 50");
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
        LabServer target = lab.started(RecoveryLab.OLD, 2);
        Path segment = folder.resolve("segments/00000001.binlog");
        flip(segment, 400);
        assertThatThrownBy(
                        () ->
                                Restore.run(
                                        RestoreRequest.of(folder, address(target)),
                                        RecoveryListener.silent()))
                .hasMessageStartingWith(
                        "damaged archive: segments/00000001.binlog at byte 0: expected CRC32C ");
        assertThat(
                        one(
                                target,
                                "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN ('d', 'backstay_restore')"))
                .isEqualTo("0");
        flip(segment, 400);
        Path chunk;
        try (var parts = Files.walk(folder.resolve("bases"))) {
            chunk = parts.filter(p -> p.toString().endsWith(".zst")).findFirst().orElseThrow();
        }
        flip(chunk, 60);
        assertThatThrownBy(
                        () ->
                                Restore.run(
                                        RestoreRequest.of(folder, address(target)),
                                        RecoveryListener.silent()))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("damaged archive: bases/");
        assertThat(one(target, "SELECT @@read_only")).isEqualTo("1");
        flip(chunk, 60);
        // the same request goes on
        RestoreResult result =
                Restore.run(RestoreRequest.of(folder, address(target)), RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThat(one(target, "SELECT @@read_only")).isEqualTo("0");
    }

    @Test
    void aKilledRestoreGoesOnWithTheTablesThatAreNotDone() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(12, 4_000).load(root);
        }
        Path folder = lab.folder.resolve("a");
        Backup.run(new BackupRequest(folder, address(source), 2), RecoveryListener.silent());
        LabServer target = lab.started(RecoveryLab.OLD, 2);
        var request = new RestoreRequest(folder, address(target), new Until.End(), 1, false, true);
        var listener = new DyingListener(3);
        assertThatThrownBy(() -> Restore.run(request, listener)).hasMessage("killed");
        RestoreResult result = Restore.run(request, RecoveryListener.silent());
        assertThat(result.notes())
                .contains("gone on with an earlier run: 2 tables were loaded already");
        assertThat(result.unproven()).isEmpty();
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThat(
                        one(
                                target,
                                "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'backstay_restore'"))
                .isEqualTo("0");
    }

    /// Dies when so many tables are done.
    private static final class DyingListener implements RecoveryListener {
        private int left;

        DyingListener(int left) {
            this.left = left;
        }

        @Override
        public void phase(String name) {}

        @Override
        public void table(String qualifiedName, long rows, long bytes, boolean isDone) {
            if (isDone && --left == 0) {
                throw new IllegalStateException("killed");
            }
        }

        @Override
        public void note(String text) {}
    }

    private static void write(LabServer source, AtomicBoolean isStopping, long seed) {
        var random = new Random(seed);
        try (Connection root = source.connect();
                Statement statement = root.createStatement()) {
            root.setAutoCommit(false);
            while (!isStopping.get()) {
                int a = random.nextInt(200);
                int b = random.nextInt(5);
                switch (random.nextInt(6)) {
                    case 0, 1 ->
                            statement.execute(
                                    "INSERT IGNORE INTO w.t VALUES (%d, %d, REPEAT('x', %d), %d / 7)"
                                            .formatted(a, b, a % 50, a));
                    case 2 -> statement.execute("UPDATE IGNORE w.t SET b = b + 1 WHERE a = " + a);
                    case 3 -> statement.execute("DELETE FROM w.t WHERE a = " + a);
                    case 4 ->
                            statement.execute(
                                    "UPDATE shop.product SET stock = stock + 1, weight = RAND() WHERE id % 40 = "
                                            + a % 40);
                    default ->
                            statement.execute(
                                    "UPDATE shop.customer SET score = RAND(), rating = RAND() WHERE id % 97 = "
                                            + a % 97);
                }
                if (random.nextInt(9) == 0) {
                    root.rollback();
                } else {
                    root.commit();
                }
            }
            root.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitTransactions(Streamer streamer, long count)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (streamer.status().transactions() < count) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            streamer.awaitEnd(MariaDbGtidState.parse("9-9-9"), Duration.ofMillis(50));
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static String one(LabServer server, String sql) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
