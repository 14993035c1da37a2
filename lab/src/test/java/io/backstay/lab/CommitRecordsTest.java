package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitRecordsTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123456789Z");

    @TempDir Path folder;

    @Test
    void whatWasRecordedIsReadBackAndContinued() {
        AcknowledgedCommit first = new AcknowledgedCommit(7, "1-2-3", AT);
        AcknowledgedCommit noGtid = new AcknowledgedCommit(8, "", AT.plusNanos(1));
        TrafficError error = new TrafficError(AT, 1, "commit", "08000", 0, "gone\nand \"so\"");
        try (CommitRecords records = CommitRecords.open(folder)) {
            records.acknowledged(first);
            records.unknown(12, AT);
            records.error(error);
        }
        try (CommitRecords records = CommitRecords.open(folder)) {
            assertThat(records.idMax()).isEqualTo(12);
            records.acknowledged(noGtid);
        }

        assertThat(CommitRecords.readAcknowledged(folder)).containsExactly(first, noGtid);
        assertThat(CommitRecords.readUnknown(folder)).containsExactly(12L);
        assertThat(CommitRecords.readErrors(folder)).containsExactly(error);
    }

    @Test
    void aCommitCountsOnlyWhenItIsInTheFile() {
        try (CommitRecords records = CommitRecords.open(folder)) {
            records.acknowledged(new AcknowledgedCommit(7, "1-2-3", AT));
            assertThat(records.acknowledgedCount()).isEqualTo(1);
            assertThat(CommitRecords.readAcknowledged(folder)).hasSize(1);
        }
    }

    @Test
    void aWriteCutShortAtItsCommitIsUnknownToTheNextRun() {
        try (CommitRecords records = CommitRecords.open(folder)) {
            records.intended(7);
            records.acknowledged(new AcknowledgedCommit(7, "1-2-3", AT));
            records.intended(8);
            records.unknown(8, AT);
            records.intended(9);
            assertThat(records.unknown()).containsExactly(8L);
        }
        try (CommitRecords records = CommitRecords.open(folder)) {
            assertThat(records.unknown()).containsExactly(8L, 9L);
        }
        assertThat(CommitRecords.readUnknown(folder)).containsExactly(8L, 9L);
    }

    @Test
    void aTornLastLineIsCutOff() throws Exception {
        try (CommitRecords records = CommitRecords.open(folder)) {
            records.acknowledged(new AcknowledgedCommit(7, "1-2-3", AT));
        }
        Path file = folder.resolve("acknowledged.log");
        Files.writeString(file, "8 1-2-4 17", StandardOpenOption.APPEND);
        try (CommitRecords records = CommitRecords.open(folder)) {
            assertThat(records.acknowledgedCount()).isEqualTo(1);
            records.acknowledged(new AcknowledgedCommit(9, "1-2-5", AT));
        }

        assertThat(CommitRecords.readAcknowledged(folder))
                .extracting(AcknowledgedCommit::id)
                .containsExactly(7L, 9L);
    }

    @Test
    void aDamagedLineIsRefused() throws Exception {
        Files.writeString(folder.resolve("acknowledged.log"), "7 1-2-3\n");

        assertThatThrownBy(() -> CommitRecords.open(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("expected 3 fields, found '7 1-2-3'");
    }
}
