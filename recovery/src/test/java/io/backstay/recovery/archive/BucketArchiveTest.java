package io.backstay.recovery.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.store.ArchiveAddress;
import io.backstay.recovery.archive.store.S3Lab;
import io.backstay.recovery.archive.store.StoreProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BucketArchiveTest {
    private final S3Lab s3 = new S3Lab();
    private final ArchiveAddress.Bucket address = s3.address("fleet/shop");
    private Archive archive;

    @BeforeEach
    void writeASmallArchive() throws IOException {
        archive = Archive.create(address);
        ArchiveTest.addBase(archive, "base-1", "0-1-10", "1\tx\n2\t\\N\n");
        ArchiveTest.addSegment(archive, 1, "0-1-10", "0-1-20");
        ArchiveTest.addSegment(archive, 2, "0-1-20", "0-1-30");
    }

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void anUntouchedArchiveIsSound() {
        var report = new ArchiveVerifier(Archive.open(address), part -> {}).verify();
        assertThat(report.damages()).isEmpty();
        assertThat(report.parts()).isEqualTo(4);
        assertThat(archive.manifest().nextSegmentNumber()).isEqualTo(3);
    }

    @Test
    void everyFlippedByteAndEveryCutOfEveryPartIsFoundAndNamed() throws IOException {
        for (PartEntry part : parts()) {
            Path file = s3.object("fleet/shop/" + part.path());
            byte[] good = Files.readAllBytes(file);
            for (int i = 0; i < good.length; i += Math.max(1, good.length / 20)) {
                byte[] bad = good.clone();
                bad[i] ^= 0x10;
                Files.write(file, bad);
                assertThat(complaints()).as("byte %d of %s", i, part.path()).isNotEmpty();
                Files.write(file, java.util.Arrays.copyOf(good, i));
                assertThat(complaints()).as("%s cut to %d", part.path(), i).isNotEmpty();
            }
            Files.write(file, good);
        }
        assertThat(complaints()).isEmpty();
    }

    @Test
    void writersAtTheSameTimeLoseNothing() throws Exception {
        var failures = new CopyOnWriteArrayList<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int writer = 0; writer < 3; writer++) {
            String name = "base-w" + writer + "-";
            Archive own = Archive.open(address);
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            for (int i = 0; i < 5; i++) {
                                                ArchiveTest.addBase(own, name + i, "0-1-30", "1\n");
                                            }
                                        } catch (IOException | RuntimeException e) {
                                            failures.add(e);
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(archive.manifest().bases()).hasSize(16);
        assertThat(complaints()).isEmpty();
    }

    @Test
    void anAnswerThatGotLostIsMadeUpFor() throws IOException {
        s3.faults.lostAnswers.set(1);
        ArchiveTest.addSegment(archive, 3, "0-1-30", "0-1-40");
        assertThat(s3.faults.lostAnswers).hasValue(0);
        assertThat(archive.manifest().segments()).hasSize(3);
        assertThat(archive.manifest().generation()).isEqualTo(5);
    }

    @Test
    void slowDownsCostTimeAndNothingElse() throws IOException {
        s3.faults.slowDownEvery = 2;
        for (int i = 3; i < 8; i++) {
            ArchiveTest.addSegment(archive, i, "0-1-" + i * 10, "0-1-" + (i * 10 + 10));
        }
        assertThat(complaints()).isEmpty();
        assertThat(s3.faults.refused).hasPositiveValue();
        s3.faults.slowDownEvery = 0;
        assertThat(archive.manifest().segments()).hasSize(7);
    }

    @Test
    void aStoreThatDoesNotRecoverIsToldAndCanBeGoneOnWith() throws IOException {
        ArchiveAddress.Bucket impatient = address.withAccess(address.access().withTries(3));
        Archive own = Archive.open(impatient);
        s3.faults.slowDownEvery = 1;
        assertThatThrownBy(() -> ArchiveTest.addSegment(own, 3, "0-1-30", "0-1-40"))
                .isInstanceOfSatisfying(
                        StoreProblem.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT);
                            assertThat(e.getMessage())
                                    .startsWith(
                                            "S3 at %s: PUT s3://backups/fleet/shop/segments/00000003."
                                                    .formatted(s3.endpoint()))
                                    .endsWith(
                                            ": 503 SlowDown, 3 times in a row\nHINT: wait until it answers again."
                                                    + " Nothing that was kept is lost: then run the same command again.");
                        });
        s3.faults.slowDownEvery = 0;
        assertThat(complaints()).isEmpty();
        ArchiveTest.addSegment(own, 3, "0-1-30", "0-1-40");
        assertThat(archive.manifest().segments()).hasSize(3);
    }

    @Test
    void aCutConnectionIsGoneOnWithAtTheByteItHadComeTo() throws IOException {
        byte[] content = new byte[5 << 20];
        new Random(7).nextBytes(content);
        PartEntry part = part(content);
        s3.faults.cuts.set(3);
        try (InputStream in = archive.read(part)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(s3.faults.cuts).hasValue(0);
    }

    @Test
    void aByteChangedOnItsWayIsFetchedAgainAndOneChangedInTheBucketIsDamage() throws IOException {
        byte[] content = new byte[3 << 20];
        PartEntry part = part(content);
        s3.faults.flips.set(1);
        try (InputStream in = archive.read(part)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        Path object = s3.object("fleet/shop/" + part.path());
        content[2_000_000] = 1;
        Files.write(object, content);
        try (InputStream in = archive.read(part)) {
            in.skipNBytes(PartEntry.STRETCH_BYTES);
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(DamagedArchiveException.class)
                    .hasMessageStartingWith(
                            "damaged archive: "
                                    + part.path()
                                    + " at byte 1048576: expected CRC32C ");
        }
    }

    @Test
    void aPartIsAFileOfThisMachineWhileItIsMapped() throws IOException {
        byte[] content = {1, 2, 3};
        PartEntry part = part(content);
        assertThat(archive.requireWhole(part)).hasBinaryContent(content);
        assertThat(archive.resolve(part)).startsWith(s3.folder.resolve("spool"));
    }

    @Test
    void aSecondStreamIsKeptApartAndToldWhoTheFirstIs() {
        try (ArchiveLock _ = archive.lock("stream")) {
            Archive other = Archive.open(address);
            assertThatThrownBy(() -> other.lock("stream"))
                    .isInstanceOf(Problem.class)
                    .hasMessageStartingWith(
                            "archive s3://backups/fleet/shop: another stream is writing to it: process %d on "
                                    .formatted(ProcessHandle.current().pid()))
                    .hasMessageEndingWith(
                            "HINT: wait until it has ended, or one that was killed on another host is passed over"
                                    + " after 90 s.");
            other.lock("backup").close();
        }
        archive.lock("stream").close();
    }

    @Test
    void whatNoManifestNamesIsSweptAndTheRestStays() throws IOException {
        part(new byte[] {9});
        var expiry = new Expiry(archive);
        expiry.run(new Retention.Rule(1, null), Instant.now());
        assertThat(s3.object("fleet/shop/segments")).isDirectory();
        assertThat(archive.store().list("segments")).hasSize(2);
        assertThat(complaints()).isEmpty();
    }

    @Test
    void anArchiveIsNotMadeWhereSomethingIs() {
        assertThatThrownBy(() -> Archive.create(address))
                .hasMessageStartingWith(
                        "prefix s3://backups/fleet/shop is no archive and not empty: it holds bases/base-1/");
        assertThatThrownBy(() -> Archive.open(s3.address("fleet/none")))
                .hasMessageStartingWith(
                        "no archive at s3://backups/fleet/none: it has no manifest.json\nHINT: ");
    }

    private PartEntry part(byte[] content) throws IOException {
        try (PartSink sink = archive.newPart("segments/00000009.binlog", PartKind.SEGMENT, 1)) {
            sink.write(content);
            return sink.seal();
        }
    }

    private List<PartEntry> parts() {
        var parts = new ArrayList<PartEntry>();
        Manifest manifest = archive.manifest();
        for (BaseEntry base : manifest.bases()) {
            parts.add(base.part());
            archive.document(base)
                    .tables()
                    .forEach(t -> t.chunks().forEach(chunk -> parts.add(chunk.part())));
        }
        manifest.segments().forEach(segment -> parts.add(segment.part()));
        return parts;
    }

    private List<String> complaints() {
        return new ArchiveVerifier(Archive.open(address), part -> {})
                .verify().damages().stream().map(Object::toString).toList();
    }
}
