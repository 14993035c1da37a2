package io.backstay.recovery.archive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3ObjectsTest {
    private static final byte[] MANIFEST = "{}".getBytes(StandardCharsets.UTF_8);

    private final S3Lab s3 = new S3Lab();
    private final PartStore store = s3.address("p").store();

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void aLargeFileGoesUpInPieces() throws IOException {
        byte[] content = new byte[12 << 20];
        new Random(3).nextBytes(content);
        Path file = Files.write(s3.folder.resolve("large"), content);
        var objects = new S3Objects(s3.access(), S3Lab.BUCKET, 6 << 20, 5 << 20);
        objects.put("p/large", file, Disk.sha256(content));
        assertThat(objects.find("p/large").orElseThrow()).isEqualTo(content);
    }

    @Test
    void aStoreThatIgnoresConditionsIsRefused() {
        s3.faults.isConditionIgnored = true;
        assertThatThrownBy(() -> store.create("manifest.json", MANIFEST))
                .hasMessage(
                        "S3 at %s: it writes over an object in spite of If-None-Match, so two writers would undo each other"
                                        .formatted(s3.endpoint())
                                + "\nHINT: use a store that knows conditional writes, or a folder as archive.");
        assertThat(s3.object("p/manifest.json/000000000001")).doesNotExist();
    }

    @Test
    void aBucketThatIsNotThereIsNamed() {
        PartStore none = s3.address("no-such-bucket", "p").store();
        assertThatThrownBy(() -> none.document("manifest.json"))
                .isInstanceOfSatisfying(
                        StoreProblem.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT))
                .hasMessage(
                        "S3 at %s: LIST s3://no-such-bucket/p/manifest.json/: 404 NoSuchBucket: there is no such bucket"
                                        .formatted(s3.endpoint())
                                + "\nHINT: make the bucket, or correct --archive; the endpoint is --s3-endpoint or"
                                + " AWS_ENDPOINT_URL_S3.");
    }

    @Test
    void aWrongSecretIsRefusedAndNotRepeated() {
        System.setProperty("aws.secretAccessKey", "another-word");
        try {
            ArchiveAddress.Bucket address = s3.address("p");
            PartStore denied = address.withAccess(address.access().withTries(2)).store();
            assertThatThrownBy(() -> denied.document("manifest.json"))
                    .hasMessageContaining("403 SignatureDoesNotMatch: not allowed\nHINT: ")
                    .message()
                    .doesNotContain("another-word", S3Lab.SECRET);
        } finally {
            System.setProperty("aws.secretAccessKey", S3Lab.SECRET);
        }
    }

    @Test
    void aStoreThatIsAwayIsNamed() {
        URI nobody = URI.create("http://127.0.0.1:1");
        var address =
                (ArchiveAddress.Bucket)
                        ArchiveAddress.parse(
                                "s3://backups/p", nobody, s3.folder.resolve("spool"), null);
        PartStore away = address.withAccess(address.access().withTries(2)).store();
        assertThatThrownBy(() -> away.document("manifest.json"))
                .hasMessageStartingWith(
                        "S3 at http://127.0.0.1:1: LIST s3://backups/p/manifest.json/: no answer: ")
                .hasMessageContaining("Connection refused");
    }

    @Test
    void addressesThatSayTooMuchOrTooLittleAreRefusedUnprinted() {
        assertThatThrownBy(() -> ArchiveAddress.parse("s3://backups", null, null, null))
                .hasMessage(
                        "--archive: expected s3://BUCKET/PREFIX, found 's3://backups'\nHINT: name a bucket and, in it, a"
                                + " prefix for this archive alone: `s3://backups/shop`.");
        URI withPassword = URI.create("https://me:hidden@host");
        assertThatThrownBy(() -> ArchiveAddress.parse("s3://backups/p", withPassword, null, null))
                .isInstanceOf(Problem.class)
                .message()
                .doesNotContain("hidden");
        assertThatThrownBy(() -> ArchiveAddress.parse("/srv/a", s3.endpoint(), null, null))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is for an archive in a bucket");
    }

    @Test
    void aWriterWhoseProcessIsGoneIsPassedOver() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        WriterIdentity own = WriterIdentity.own();
        claim(new WriterIdentity(own.host(), own.bootId(), own.pidNamespace(), gone.pid(), 1));
        assertThat(store.tryLock("stream")).isInstanceOf(StoreLock.Attempt.Taken.class);
    }

    @Test
    void aWriterOnAnotherHostIsPassedOverOnlyAfterALongSilence() throws IOException {
        var elsewhere = new WriterIdentity("db9", "another-boot", 1, 7, 1);
        claim(elsewhere);
        assertThat(store.tryLock("stream"))
                .isInstanceOfSatisfying(
                        StoreLock.Attempt.Held.class,
                        held ->
                                assertThat(held.holder())
                                        .startsWith("process 7 on db9, which gave"));
        Instant silent = Instant.now().minus(Lease.LONGEST_SILENCE).minus(Duration.ofSeconds(5));
        Files.setLastModifiedTime(s3.object("p/locks/stream/000000000001"), FileTime.from(silent));
        assertThat(store.tryLock("stream")).isInstanceOf(StoreLock.Attempt.Taken.class);
    }

    @Test
    void whatAWriterAddsThatWasPassedOverDoesNotCount() {
        assertThat(store.create("manifest.json", MANIFEST)).isEmpty();
        assertThat(store.tryLock("backup")).isInstanceOf(StoreLock.Attempt.Taken.class);
        PartStore other = s3.address("p").store();
        new Versions(new S3Objects(s3.access(), S3Lab.BUCKET), "p/locks/backup")
                .add(2, "{}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> store.update("manifest.json", before -> new byte[] {1}))
                .hasMessageStartingWith(
                        "this process has lost its place as the only backup of the archive");
        assertThat(other.document("manifest.json").orElseThrow()).isEqualTo(MANIFEST);
    }

    private void claim(WriterIdentity writer) {
        byte[] json =
                tools.jackson.databind.json.JsonMapper.shared()
                        .writeValueAsBytes(new Lease.Claim(1, writer, "t", 0, false));
        new Versions(new S3Objects(s3.access(), S3Lab.BUCKET), "p/locks/stream").add(1, json);
    }
}
