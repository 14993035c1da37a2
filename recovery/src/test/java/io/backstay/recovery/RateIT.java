package io.backstay.recovery;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.lab.LabServer;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.backup.BackupResult;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.StreamStatus;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real servers at a rate. Time is held from below only: a busy machine is slower, never faster.
@Timeout(120)
class RateIT {
    private static final Rate RATE = new Rate(1 << 20);

    private final RecoveryLab lab = new RecoveryLab(143);
    private LabServer source;
    private Path archive;

    @BeforeEach
    void startASource() {
        source = lab.started(RecoveryLab.OLD, 1);
        run(source, "CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY, b LONGTEXT)");
        archive = lab.folder.resolve("a");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aBackupTakesAsLongAsItsRowsAtTheRate() {
        insertKilobytes(1, 2_000);
        BackupResult result =
                Backup.run(
                        new BackupRequest(archive, address(source), 2).withRate(RATE),
                        RecoveryListener.silent());
        long textBytes =
                result.document().tables().stream()
                        .flatMap(table -> table.chunks().stream())
                        .mapToLong(Chunk::textBytes)
                        .sum();
        assertThat(textBytes).isGreaterThan(2_000_000);
        // what is below a step is not counted
        assertThat(result.took()).isGreaterThan(atTheRate(textBytes - 2 * (64 << 10)));
        assertSound();
    }

    @Test
    void aStreamTakesAsLongAsItsEventsAtTheRate() throws Exception {
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        insertKilobytes(1, 2_000);
        long started = System.nanoTime();
        StreamStatus status;
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, address(source)).withRate(RATE).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
            status = streamer.status();
        }
        assertThat(status.bytes()).isGreaterThan(2_000_000);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isGreaterThan(atTheRate(status.bytes()));
        assertThat(Archive.open(archive).manifest().segments().getFirst().transactions())
                .isEqualTo(status.transactions());
        assertSound();
    }

    @Test
    void aStreamThatKeepsTheRateIsStoppedAtOnceAndLeavesWholeTransactions() throws Exception {
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        insertKilobytes(1, 1_000);
        insertKilobytes(1_001, 2_000);
        try (Streamer streamer =
                Streamer.start(
                        // hours, for this log: far longer than the test may take
                        StreamRequest.of(archive, address(source)).withRate(new Rate(100)),
                        RecoveryListener.silent())) {
            while (streamer.status().bytes() == 0) {
                assertThat(streamer.awaitEnded(Duration.ofMillis(20))).isFalse();
            }
        }
        assertThat(Archive.open(archive).manifest().segments()).isEmpty();
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
        assertThat(Archive.open(archive).manifest().segments().getFirst().transactions())
                .isEqualTo(2);
        assertSound();
    }

    /// Rows of a kilobyte, in one transaction.
    private void insertKilobytes(int from, int to) {
        run(
                source,
                "INSERT INTO d.t SELECT seq, REPEAT('x', 1020) FROM d.seq_%d_to_%d"
                        .formatted(from, to));
    }

    private static Duration atTheRate(long bytes) {
        long nanos = bytes * 1_000_000_000 / RATE.bytesPerSecond();
        return Duration.ofNanos(nanos - Throttle.SAVED_NANOS);
    }

    private void assertSound() {
        assertThat(new ArchiveVerifier(Archive.open(archive), p -> {}).verify().damages())
                .isEmpty();
    }
}
