package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Disk;
import io.backstay.doors.Problem;
import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.store.ArchiveAddress;
import io.backstay.recovery.archive.store.ArchiveKey;
import io.backstay.recovery.archive.store.S3Lab;
import io.backstay.recovery.archive.store.StoreProblem;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import io.backstay.recovery.undo.Undo;
import io.backstay.recovery.undo.UndoRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A real server's way into a bucket of a real S3 server and out of it, while that one slows down,
/// breaks off and is away; and into an encrypted archive.
@Timeout(300)
class BucketRestoreIT {
    private final RecoveryLab lab = new RecoveryLab(151);
    private final S3Lab s3 = new S3Lab();
    private final ArchiveAddress.Bucket archive = s3.address("fleet/shop");

    @AfterEach
    void close() {
        lab.close();
        s3.close();
    }

    @Test
    void whatComesOutOfABucketIsWhatWentIn() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(17, 2_000).load(root);
        }
        run(source, "CREATE DATABASE w", "CREATE TABLE w.t (a INT PRIMARY KEY, b VARCHAR(99))");

        ServerAddress from = address(source);
        s3.faults.slowDownEvery = 4;
        var apart = new CopyOnWriteArrayList<String>();
        Thread other = Thread.ofPlatform().start(() -> backUp(from, apart));
        backUp(from, apart);
        other.join();
        // side by side or one told of the other: no third way
        assertThat(apart).isSubsetOf("done", "another backup is writing");
        assertThat(Archive.open(archive).manifest().bases())
                .hasSize((int) apart.stream().filter("done"::equals).count())
                .isNotEmpty();

        for (int i = 0; i < 60; i++) {
            run(source, "INSERT INTO w.t VALUES (%d, REPEAT('%d', 40))".formatted(i, i));
        }
        stream(archive, source);
        run(source, "UPDATE w.t SET b = 'later' WHERE a % 3 = 0", "DELETE FROM w.t WHERE a = 1");

        streamWhileTheStoreGoesAway(source);
        s3.faults.slowDownEvery = 1;
        assertThatThrownBy(() -> Restore.plan(RestoreRequest.of(impatient(), address(source))))
                .isInstanceOf(StoreProblem.class);
        s3.faults.slowDownEvery = 4;
        assertThat(stream(archive, source))
                .anyMatch(note -> note.startsWith("took up the open segment: "));

        // and once more, and then another machine is the first to go on
        run(source, "INSERT INTO w.t VALUES (1000, 'x')");
        streamWhileTheStoreGoesAway(source);
        s3.faults.slowDownEvery = 4;
        run(source, "INSERT INTO w.t VALUES (1001, 'y')");
        stream(s3.elsewhere("fleet/shop"), source);
        assertThat(stream(archive, source))
                .anyMatch(
                        note ->
                                note.startsWith(
                                        "the archive has gone on without the open segment of this machine, 1 "));
        assertThat(new ArchiveVerifier(Archive.open(archive), p -> {}).verify().damages())
                .isEmpty();

        s3.faults.cuts.set(6);
        s3.faults.flips.set(1);
        LabServer target = lab.started(RecoveryLab.NEW, 2);
        RestoreResult result =
                Restore.run(RestoreRequest.of(archive, address(target)), RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThat(s3.faults.cuts).hasValue(0);

        var request =
                UndoRequest.ofStretch(
                        archive,
                        address(source),
                        Until.parse(Archive.open(archive).manifest().bases().getLast().gtid()),
                        new Until.End(),
                        Set.of());
        assertThat(Undo.dryRun(request).plan().conflictCount()).isZero();
        assertThat(spoolFiles()).singleElement().asString().contains("/open/aside-");
    }

    @Test
    void semiSyncIntoABucketIsRefusedAsTheOpenSegmentIsNotInIt() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 3);
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        assertThatThrownBy(
                        () ->
                                Streamer.start(
                                        StreamRequest.of(archive, address(source)).semiSync(),
                                        RecoveryListener.silent()))
                .hasMessageStartingWith(
                        "--semi-sync with an archive in a bucket, or an encrypted one: what is not yet a closed segment is durable in "
                                + s3.folder.resolve("spool")
                                + " only");
    }

    @Test
    void anEncryptedArchiveComesBackAndShowsNothing() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 4);
        run(
                source,
                "CREATE DATABASE w",
                "CREATE TABLE w.t (a INT PRIMARY KEY, b VARCHAR(99))",
                "INSERT INTO w.t VALUES (1, 'nobody-is-to-see-this')");
        Path folder = lab.folder.resolve("encrypted");
        ArchiveAddress encrypted =
                ArchiveAddress.parse(
                        folder.toString(), null, lab.folder.resolve("spool"), newKey());
        Backup.run(new BackupRequest(encrypted, address(source), 1), RecoveryListener.silent());
        run(source, "INSERT INTO w.t VALUES (2, 'nor-is-anybody-this')");
        stream(encrypted, source);
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(
                            file ->
                                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                                            .doesNotContain("nobody-is", "nor-is", "w.t", "0-4-"));
        }
        LabServer target = lab.started(RecoveryLab.OLD, 5);
        RestoreResult result =
                Restore.run(
                        RestoreRequest.of(encrypted, address(target)), RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        assertThat(result.transactions()).isEqualTo(1);
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
    }

    private ArchiveKey newKey() throws Exception {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Path file = lab.folder.resolve("archive.key");
        Disk.writeAtomically(file, Base64.getEncoder().encodeToString(secret));
        return ArchiveKey.load(file);
    }

    private void backUp(ServerAddress source, List<String> outcomes) {
        try {
            Backup.run(new BackupRequest(archive, source, 2), RecoveryListener.silent());
            outcomes.add("done");
        } catch (Problem e) {
            boolean isApart = String.valueOf(e.getMessage()).contains("another backup is writing");
            outcomes.add(isApart ? "another backup is writing" : String.valueOf(e.getMessage()));
        }
    }

    private ArchiveAddress.Bucket impatient() {
        return archive.withAccess(archive.access().withTries(2));
    }

    /// While a segment is on its way there.
    private void streamWhileTheStoreGoesAway(LabServer source) {
        s3.faults.slowDownEvery = 0;
        s3.faults.areSegmentsRefused = true;
        Streamer streamer = Streamer.start(request(impatient(), source), RecoveryListener.silent());
        assertThatThrownBy(streamer::awaitEnd)
                .isInstanceOf(StoreProblem.class)
                .hasMessageContaining("503 SlowDown");
        s3.faults.areSegmentsRefused = false;
    }

    private static StreamRequest request(ArchiveAddress archive, LabServer source) {
        return StreamRequest.of(archive, address(source)).untilNow().withSegmentBytes(4_000);
    }

    /// @return what was told
    private static List<String> stream(ArchiveAddress archive, LabServer source)
            throws InterruptedException {
        var notes = new CopyOnWriteArrayList<String>();
        var listener =
                new RecoveryListener() {
                    @Override
                    public void phase(String name) {}

                    @Override
                    public void table(String name, long rows, long bytes, boolean isDone) {}

                    @Override
                    public void note(String text) {
                        notes.add(text);
                    }
                };
        try (Streamer streamer = Streamer.start(request(archive, source), listener)) {
            streamer.awaitEnd();
        }
        return notes;
    }

    /// But for copies, which the process deletes when it ends.
    private List<Path> spoolFiles() throws Exception {
        try (var files = Files.walk(s3.folder.resolve("spool"))) {
            return new ArrayList<>(
                    files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains("/copies/"))
                            .toList());
        }
    }
}
