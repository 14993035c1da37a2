package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Restores in processes of their own are killed at random moments, and so is the server under
/// them; `-Dbackstay.seed=N` plays one run again, as far as time can be.
@Timeout(300)
class KilledRestoreIT {
    private static final int KILLS = 4;

    private final RecoveryLab lab = new RecoveryLab(138);

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void killedAtAnyMomentItIsGoneOnWithAndComesOutTheSame() throws Exception {
        long seed = Long.getLong("backstay.seed", System.nanoTime());
        System.err.println("KilledRestoreIT: -Dbackstay.seed=" + seed);
        var random = new Random(seed);
        Path archive = lab.folder.resolve("a");
        LabServer source = filled(archive);
        LabServer target = lab.started(RecoveryLab.OLD, 2);
        long whole = timeOf(archive);
        for (int i = 0; i < KILLS; i++) {
            Process tool = restore(archive, address(target));
            boolean hasEnded =
                    tool.waitFor(random.nextLong(whole + whole / 4), TimeUnit.MILLISECONDS);
            if (hasEnded && tool.exitValue() == 0) {
                break; // it was through before its end came
            }
            if (i % 2 == 1) {
                target.kill();
            }
            tool.destroyForcibly().waitFor();
            if (i % 2 == 1) {
                target.start();
            }
        }
        awaitNoClient(target);
        RestoreResult result =
                isRestored(target)
                        ? null
                        : Restore.run(
                                RestoreRequest.of(archive, address(target)),
                                RecoveryListener.silent());
        if (result != null) {
            assertThat(result.unproven()).isEmpty();
        }
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThat(one(target, "SELECT @@gtid_binlog_pos"))
                .isEqualTo(one(source, "SELECT @@gtid_binlog_pos"));
        assertThat(one(target, "SELECT @@read_only")).isEqualTo("0");
    }

    private LabServer filled(Path archive) throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(31, 3_000).load(root);
        }
        run(
                source,
                "CREATE TABLE shop.wide (id INT PRIMARY KEY, v VARCHAR(500), KEY (v))",
                "USE shop",
                "INSERT INTO wide SELECT seq, REPEAT(seq, 60) FROM seq_1_to_20000",
                "CREATE TRIGGER shop.counts AFTER DELETE ON shop.wide FOR EACH ROW SET @gone = OLD.id",
                "CREATE VIEW shop.look AS SELECT id FROM shop.wide");
        Backup.run(new BackupRequest(archive, address(source), 2), RecoveryListener.silent());
        run(
                source,
                "UPDATE shop.wide SET v = CONCAT('x', v) WHERE id % 3 = 0",
                "DELETE FROM shop.wide WHERE id % 7 = 0",
                "UPDATE shop.product SET stock = stock + 1");
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
        return source;
    }

    /// Of one whole restore in a process of its own, into another server.
    private long timeOf(Path archive) throws Exception {
        LabServer other = lab.started(RecoveryLab.OLD, 3);
        long started = System.nanoTime();
        assertThat(restore(archive, address(other)).waitFor()).isZero();
        other.kill();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    }

    private static Process restore(Path archive, ServerAddress target) throws IOException {
        return new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                RestoreProcess.class.getName(),
                                archive.toString(),
                                "mysql://%s@%s:%d?password-file=%s"
                                        .formatted(
                                                target.user(),
                                                target.host(),
                                                target.port(),
                                                target.passwordFile().orElseThrow())))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// What is killed.
    static final class RestoreProcess {
        private RestoreProcess() {}

        public static void main(String[] args) {
            RestoreResult result =
                    Restore.run(
                            RestoreRequest.of(Path.of(args[0]), ServerAddress.parse(args[1])),
                            RecoveryListener.silent());
            System.exit(result.isProven() ? 0 : 4);
        }
    }

    private static boolean isRestored(LabServer target) {
        return one(
                        target,
                        "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'backstay_restore'")
                .equals("0");
    }

    /// A killed client's session ends when the server has noticed.
    private static void awaitNoClient(LabServer target) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!one(
                        target,
                        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND USER NOT IN"
                                + " ('system user', 'event_scheduler') AND COMMAND <> 'Daemon'")
                .equals("0")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static String one(LabServer server, String sql) {
        try (var session = io.backstay.mysql.Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
