package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.lab.LabServer;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class BrokenOrderedLaneIT {
    private final RecoveryLab lab = new RecoveryLab(147);

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void brokenOffAtEveryTransactionItIsGoneOnWithAndComesOutTheSame() throws Exception {
        LabServer other = lab.started(RecoveryLab.OLD, 5);
        run(
                other,
                "CREATE DATABASE d",
                "CREATE DATABASE gone",
                "CREATE TABLE gone.t (id INT PRIMARY KEY)",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.folded (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.t VALUES (1, 1), (2, 2)",
                "INSERT INTO d.folded VALUES (1, 1)");
        Path mine = lab.folder.resolve("b");
        Backup.run(new BackupRequest(mine, address(other), 1), RecoveryListener.silent());
        run(
                other,
                "SET binlog_row_image = 'MINIMAL'",
                "UPDATE d.t SET v = v + 1",
                "UPDATE d.t SET v = v + 1",
                "SET binlog_row_image = 'FULL'",
                "UPDATE d.folded SET v = 9",
                "DROP DATABASE gone",
                "CREATE TABLE d.plain (id INT) ENGINE=MyISAM",
                "INSERT INTO d.plain VALUES (1)",
                "SET binlog_format = 'STATEMENT'",
                "INSERT INTO d.plain VALUES (2)",
                "UPDATE d.t SET v = v * 3",
                "SET binlog_format = 'ROW'",
                "UPDATE d.t SET v = v + 1");
        stream(mine, other);
        LabServer fresh = lab.started(RecoveryLab.OLD, 6);
        String packet = one(fresh, "SELECT @@global.max_allowed_packet");
        int broken = 0;
        for (int at = 0; ; at++) {
            try {
                Restore.run(RestoreRequest.of(mine, address(fresh)), breakingAt(at));
                break;
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("killed");
                broken++;
            }
        }
        assertThat(broken).isGreaterThan(8);
        assertThat(checksums(fresh).differences(checksums(other))).isEmpty();
        assertThat(one(fresh, "SELECT GROUP_CONCAT(id ORDER BY id) FROM d.plain")).isEqualTo("1,2");
        assertThat(
                        one(
                                fresh,
                                "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN ('gone', 'backstay_restore')"))
                .isEqualTo("0");
        assertThat(one(fresh, "SELECT @@global.max_allowed_packet")).isEqualTo(packet);
        assertThat(one(fresh, "SELECT @@gtid_slave_pos"))
                .isEqualTo(one(other, "SELECT @@gtid_binlog_pos"));
    }

    /// @param count steps of the ordered lane, or phases from it on, that go well
    private static RecoveryListener breakingAt(int count) {
        return new RecoveryListener() {
            private int left = count;

            private void step() {
                if (left-- == 0) {
                    throw new IllegalStateException("killed");
                }
            }

            @Override
            public void phase(String name) {
                if (name.equals("ordered") || name.equals("finish")) {
                    step();
                }
            }

            @Override
            public void table(String qualifiedName, long rows, long bytes, boolean isDone) {
                if (qualifiedName.equals("(ordered lane)")) {
                    step();
                }
            }

            @Override
            public void note(String text) {}
        };
    }

    private static void stream(Path into, LabServer from) throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(into, address(from)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private static String one(LabServer server, String sql) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
