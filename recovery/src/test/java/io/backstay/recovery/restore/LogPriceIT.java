package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.lab.LabServer;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.replay.OneSessionReplay;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the log adds to a restore. Larger: `-Dbackstay.price.rows=200000
/// -Dbackstay.price.events=300000`.
@Timeout(900)
class LogPriceIT {
    private static final int ROWS = Integer.getInteger("backstay.price.rows", 20_000);
    private static final int EVENTS = Integer.getInteger("backstay.price.events", 30_000);

    private final RecoveryLab lab = new RecoveryLab(130);

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aLogAddsLittleToTheRestoreOfItsBase() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(source, "CREATE DATABASE b");
        for (int t = 1; t <= 4; t++) {
            run(
                    source,
                    "CREATE TABLE b.t"
                            + t
                            + " (id INT PRIMARY KEY AUTO_INCREMENT, k INT NOT NULL DEFAULT 0, c CHAR(120) NOT NULL, pad CHAR(60) NOT NULL, KEY k_1 (k))",
                    "USE b",
                    "INSERT INTO b.t"
                            + t
                            + " (id, k, c, pad) SELECT seq, seq * 7919 % 100000, CONCAT(MD5(seq), MD5(-seq), MD5(seq * 3)), MD5(seq) FROM seq_1_to_"
                            + ROWS / 4);
        }
        Path folder = lab.folder.resolve("a");
        var backup =
                Backup.run(
                        new BackupRequest(folder, address(source), 2), RecoveryListener.silent());
        write(source);
        long streamStarted = System.nanoTime();
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
        long streamed = System.nanoTime() - streamStarted;
        var said =
                new StringBuilder(
                        "backup %s, stream %s%n"
                                .formatted(backup.took(), Duration.ofNanos(streamed)));
        int host = 2;
        Duration baseOnly = Duration.ZERO;
        Duration merged = Duration.ZERO;
        for (int i = 0; i < 2; i++) {
            for (boolean isBaseOnly : new boolean[] {true, false}) {
                LabServer target = lab.started(RecoveryLab.OLD, host++);
                RestoreResult result =
                        Restore.run(
                                new RestoreRequest(
                                        folder,
                                        address(target),
                                        new Until.End(),
                                        2,
                                        isBaseOnly,
                                        true),
                                RecoveryListener.silent());
                assertThat(result.unproven()).isEmpty();
                said.append(
                        "baseOnly=%s %s %s%n"
                                .formatted(isBaseOnly, result.took(), result.phases()));
                if (isBaseOnly) {
                    baseOnly = result.took();
                    if (i == 1) {
                        said.append(
                                "replay %s%n"
                                        .formatted(
                                                OneSessionReplay.run(
                                                        Archive.open(folder), address(target))));
                        assertThat(checksums(target).differences(checksums(source))).isEmpty();
                    }
                } else {
                    merged = result.took();
                    assertThat(checksums(target).differences(checksums(source))).isEmpty();
                }
                target.stop(Duration.ofSeconds(20));
            }
        }
        System.out.println(said);
        assertThat(merged).as(said.toString()).isLessThan(baseOnly.multipliedBy(3).plusSeconds(2));
    }

    private static void write(LabServer source) throws SQLException {
        var random = new Random(3);
        try (Connection root = source.connect();
                Statement statement = root.createStatement()) {
            for (int i = 0; i < EVENTS / 4; i++) {
                int id = 1 + random.nextInt(ROWS / 4);
                String table = "b.t" + (1 + random.nextInt(4));
                statement.execute("BEGIN");
                statement.execute("UPDATE " + table + " SET k = k + 1 WHERE id = " + id);
                statement.execute("UPDATE " + table + " SET c = REVERSE(c) WHERE id = " + id);
                statement.execute("DELETE FROM " + table + " WHERE id = " + id);
                statement.execute(
                        "INSERT INTO "
                                + table
                                + " (id, k, c, pad) VALUES ("
                                + id
                                + ", "
                                + id
                                + ", REPEAT('y', 100), 'z')");
                statement.execute("COMMIT");
            }
        }
    }
}
