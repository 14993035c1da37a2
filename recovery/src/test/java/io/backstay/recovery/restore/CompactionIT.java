package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.Expiry;
import io.backstay.recovery.archive.FoldEntry;
import io.backstay.recovery.archive.Retention;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class CompactionIT {
    private static final long ONE_SEGMENT = 1;
    private final RecoveryLab lab = new RecoveryLab(146);
    private final Path folder = lab.folder.resolve("a");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aRestoreFromFoldsIsTheRestoreFromTheLog() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(31, 2_000).load(root);
        }
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.m (v INT)",
                "INSERT INTO d.m VALUES (1),(1),(2)");
        Backup.run(new BackupRequest(folder, address(source), 2), RecoveryListener.silent());
        Archive archive = Archive.open(folder);
        for (int i = 0; i < 6; i++) {
            run(
                    source,
                    "UPDATE shop.customer SET credit = credit + 1 WHERE id % 7 = " + i,
                    "DELETE FROM shop.order_line WHERE order_id % 50 = " + i,
                    "INSERT INTO d.m VALUES (1), (" + i + ")",
                    "DELETE FROM d.m WHERE v = 2 LIMIT 1");
            if (i == 4) {
                run(source, "TRUNCATE TABLE d.m");
            }
            stream(source);
            // killed runs and runs without anything new do no harm
            Compaction.Result folded =
                    Compaction.run(archive, ONE_SEGMENT, RecoveryListener.silent());
            assertThat(folded.stoppedBy()).isEmpty();
            assertThat(folded.foldedSegments()).isEqualTo(i + 1);
        }
        assertThat(archive.manifest().folds().size()).isLessThan(6);
        run(source, "UPDATE shop.customer SET credit = credit - 3 WHERE id % 5 = 2");
        stream(source);
        assertThat(new ArchiveVerifier(archive, p -> {}).verify().damages()).isEmpty();

        LabServer target = lab.started(RecoveryLab.OLD, 2);
        var certificates = new ArrayList<Certificate>();
        RestoreResult restored =
                Restore.run(
                        RestoreRequest.of(folder, address(target)),
                        RecoveryListener.silent(),
                        new Certification(Optional.empty(), certificates::add));
        assertThat(restored.unproven()).isEmpty();
        assertThat(certificates.getFirst().coverage().stretches())
                .extracting(stretch -> stretch.joined().replaceFirst(" .*", ""))
                .containsExactly("fold", "fold", "fold", "fold", "fold", "fold", "position");
        assertThat(restored.notes())
                .anyMatch(n -> n.startsWith("6 of 7 segments were folded before"));
        assertThat(restored.gtid()).isEqualTo(archive.end().orElseThrow());
        assertThat(checksums(target).differences(checksums(source))).isEmpty();

        // a damaged fold is a lost shortcut, not a lost archive
        FoldEntry fold = archive.manifest().folds().getFirst();
        flipOneByte(folder.resolve(fold.part().path()));
        assertThat(new ArchiveVerifier(archive, p -> {}).verify().damages())
                .anyMatch(d -> d.toString().contains(fold.part().path()));
        LabServer second = lab.started(RecoveryLab.OLD, 3);
        RestoreResult again =
                Restore.run(RestoreRequest.of(folder, address(second)), RecoveryListener.silent());
        assertThat(again.unproven()).isEmpty();
        assertThat(again.notes())
                .anyMatch(
                        n ->
                                n.startsWith(
                                        fold.part().path()
                                                + " is left out, its segments are read"));
        assertThat(checksums(second).differences(checksums(source))).isEmpty();

        // the next run makes it anew
        Compaction.Result remade = Compaction.run(archive, ONE_SEGMENT, RecoveryListener.silent());
        assertThat(remade.foldedSegments()).isEqualTo(7);
        assertThat(new ArchiveVerifier(archive, p -> {}).verify().damages()).isEmpty();

        // folds go with their base
        Backup.run(new BackupRequest(folder, address(source), 2), RecoveryListener.silent());
        new Expiry(archive).run(new Retention.Rule(1, null), Instant.now());
        assertThat(archive.manifest().folds()).isEmpty();
        try (var files = Files.list(folder.resolve("folds"))) {
            assertThat(files.toList()).isEmpty();
        }
    }

    @Test
    void aDefinitionEndsTheFoldingAndThePointBeforeItIsReached() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (a INT PRIMARY KEY, b INT)",
                "INSERT INTO d.t VALUES (1, 1), (2, 2)");
        Backup.run(new BackupRequest(folder, address(source), 1), RecoveryListener.silent());
        run(source, "UPDATE d.t SET b = b + 1");
        stream(source);
        run(source, "INSERT INTO d.t VALUES (3, 3)");
        stream(source);
        var before = checksums(source);
        Archive archive = Archive.open(folder);
        String point = archive.end().orElseThrow();
        run(source, "ALTER TABLE d.t ADD c INT", "INSERT INTO d.t VALUES (4, 4, 4)");
        stream(source);
        Compaction.Result folded =
                Compaction.run(archive, Long.MAX_VALUE / 2, RecoveryListener.silent());
        assertThat(folded.foldedSegments()).isEqualTo(2);
        assertThat(folded.segments()).isEqualTo(3);
        assertThat(folded.stoppedBy().orElseThrow())
                .contains("d.t is ordered: the statement \"ALTER TABLE d.t ADD c INT\"");
        assertThat(Compaction.run(archive, ONE_SEGMENT, RecoveryListener.silent()).made())
                .isEmpty();

        LabServer target = lab.started(RecoveryLab.OLD, 2);
        var request =
                new RestoreRequest(folder, address(target), Until.parse(point), 2, false, false);
        RestoreResult restored = Restore.run(request, RecoveryListener.silent());
        assertThat(restored.unproven()).isEmpty();
        assertThat(restored.gtid()).isEqualTo(point);
        assertThat(checksums(target).differences(before)).isEmpty();

        LabServer whole = lab.started(RecoveryLab.OLD, 3);
        RestoreResult all =
                Restore.run(RestoreRequest.of(folder, address(whole)), RecoveryListener.silent());
        assertThat(all.gtid()).isEqualTo(archive.end().orElseThrow());
        assertThat(checksums(whole).differences(checksums(source))).isEmpty();
    }

    private static void flipOneByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(file, bytes);
    }

    private void stream(LabServer source) throws Exception {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }
}
