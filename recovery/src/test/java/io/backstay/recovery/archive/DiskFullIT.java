package io.backstay.recovery.archive;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.lab.LabServer;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.restore.Compaction;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An archive on a disk with no room left: everything stops by name, nothing that counted is lost,
/// and with room again the same commands go on.
@Timeout(300)
class DiskFullIT {
    private static final String FULL = "No space left on device";
    private final RecoveryLab lab = new RecoveryLab(147);
    private final Path disk = lab.folder.resolve("disk");
    private final Path folder = disk.resolve("a");
    private final Path ballast = disk.resolve("ballast");
    private final RecoveryListener silent = RecoveryListener.silent();

    @BeforeEach
    void mount() throws Exception {
        Files.createDirectory(disk);
        command("mount", "-t", "tmpfs", "-o", "size=16m", "none", disk.toString());
    }

    @AfterEach
    void close() throws Exception {
        command("umount", "-l", disk.toString());
        lab.close();
    }

    @Test
    void backupStreamAndFoldStopAndGoOn() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (a INT PRIMARY KEY, b VARBINARY(2000))",
                "USE d",
                "INSERT INTO t SELECT seq, RANDOM_BYTES(1000) FROM seq_1_to_1000");
        fill(300_000);
        assertThatThrownBy(() -> Backup.run(new BackupRequest(folder, address(source), 2), silent))
                .hasStackTraceContaining(FULL)
                .hasStackTraceContaining(folder.toString());
        Files.delete(ballast);
        Backup.run(new BackupRequest(folder, address(source), 2), silent);
        Archive archive = Archive.open(folder);
        assertThat(archive.manifest().bases()).hasSize(1);

        run(source, "USE d", "INSERT INTO t SELECT seq, RANDOM_BYTES(1000) FROM seq_1001_to_3000");
        fill(500_000);
        assertThatThrownBy(() -> stream(source))
                .hasStackTraceContaining(FULL)
                .hasStackTraceContaining(folder.toString());
        assertThat(new ArchiveVerifier(archive, _ -> {}).verify().damages()).isEmpty();
        Files.delete(ballast);
        stream(source);

        String end = archive.end().orElseThrow();
        fill(500_000);
        assertThatThrownBy(() -> Compaction.run(archive, 1 << 20, silent))
                .hasStackTraceContaining(FULL)
                .hasStackTraceContaining(folder.toString());
        assertThat(archive.manifest().folds()).isEmpty();
        Files.delete(ballast);
        assertThat(Compaction.run(archive, 1 << 20, silent).made()).isNotEmpty();

        assertThat(new ArchiveVerifier(archive, _ -> {}).verify().damages()).isEmpty();
        LabServer target = lab.started(RecoveryLab.OLD, 2);
        RestoreResult restored = Restore.run(RestoreRequest.of(folder, address(target)), silent);
        assertThat(restored.unproven()).isEmpty();
        assertThat(restored.gtid()).isEqualTo(end);
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
    }

    /// Leaves so many bytes of room.
    private void fill(long room) throws IOException {
        long free = Files.getFileStore(disk).getUsableSpace();
        Files.write(ballast, new byte[(int) (free - room)]);
    }

    private void stream(LabServer source) throws Exception {
        try (Streamer streamer =
                Streamer.start(StreamRequest.of(folder, address(source)).untilNow(), silent)) {
            streamer.awaitEnd();
        }
    }

    private static void command(String... words) throws Exception {
        Process process = new ProcessBuilder(words).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", words)).isZero();
    }
}
