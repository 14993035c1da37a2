package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.lab.LabServer;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A log that its server compressed is restored as any other.
@Timeout(300)
class CompressedLogIT {
    private final RecoveryLab lab = new RecoveryLab(144);
    private final Path folder = lab.folder.resolve("archive");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void rowsAndStatementsOfACompressedLogAreRestored() throws Exception {
        LabServer source =
                lab.started(
                        RecoveryLab.OLD,
                        1,
                        "--log-bin-compress=ON",
                        "--log-bin-compress-min-len=10");
        String filler = "x".repeat(300);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (a INT PRIMARY KEY, v VARCHAR(400))",
                "CREATE TABLE d.other (a INT PRIMARY KEY, v VARCHAR(400))",
                "INSERT INTO d.t SELECT seq, CONCAT('base ', seq) FROM d.seq_1_to_500");
        Backup.run(new BackupRequest(folder, address(source), 1), RecoveryListener.silent());
        run(
                source,
                "UPDATE d.t SET v = CONCAT(v, '%s') WHERE a %% 3 = 0".formatted(filler),
                "DELETE FROM d.t WHERE a % 7 = 0",
                "INSERT INTO d.t SELECT seq, '%s' FROM d.seq_1001_to_1300".formatted(filler));
        stream(source);
        Archive archive = Archive.open(folder);
        assertThat(Compaction.run(archive, 1 << 30, RecoveryListener.silent()).stoppedBy())
                .isEmpty();
        LabServer first = restored(2);
        assertThat(checksums(first).differences(checksums(source))).isEmpty();

        run(
                source,
                "ALTER TABLE d.other ADD w VARCHAR(400) DEFAULT '%s'".formatted(filler),
                "SET binlog_format = STATEMENT",
                "INSERT INTO d.other (a, v) VALUES (1, '%s')".formatted(filler),
                "SET binlog_format = ROW",
                "UPDATE d.t SET v = '%s' WHERE a > 1200".formatted(filler + "y"));
        stream(source);
        assertThat(compressedTypes(archive))
                .contains(
                        EventType.QUERY_COMPRESSED,
                        EventType.WRITE_ROWS_COMPRESSED_V1,
                        EventType.UPDATE_ROWS_COMPRESSED_V1,
                        EventType.DELETE_ROWS_COMPRESSED_V1);
        LabServer second = restored(3);
        assertThat(checksums(second).differences(checksums(source))).isEmpty();
    }

    private LabServer restored(int host) throws Exception {
        LabServer target = lab.started(RecoveryLab.OLD, host);
        RestoreResult result =
                Restore.run(RestoreRequest.of(folder, address(target)), RecoveryListener.silent());
        assertThat(result.gtid()).isEqualTo(Archive.open(folder).end().orElseThrow());
        return target;
    }

    private void stream(LabServer source) throws Exception {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private static Set<EventType> compressedTypes(Archive archive) {
        var types = EnumSet.noneOf(EventType.class);
        for (SegmentEntry segment : archive.manifest().segments()) {
            try (BinlogFile file = BinlogFile.open(archive.resolve(segment.part()))) {
                BinlogReader reader = file.reader();
                while (reader.next()) {
                    types.add(reader.type());
                }
            }
        }
        return types;
    }
}
