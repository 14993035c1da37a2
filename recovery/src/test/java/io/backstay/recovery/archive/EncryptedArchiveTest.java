package io.backstay.recovery.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.store.ArchiveAddress;
import io.backstay.recovery.archive.store.ArchiveKey;
import io.backstay.recovery.archive.store.S3Lab;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedArchiveTest {
    private static final int BLOCK_BYTES = (1 << 16) + 16;

    @TempDir Path temp;
    private Path folder;
    private ArchiveAddress address;
    private Archive archive;

    @BeforeEach
    void writeASmallArchive() throws IOException {
        folder = temp.resolve("a");
        address = address(key("k", 1));
        archive = Archive.create(address);
        ArchiveTest.addBase(archive, "base-1", "0-1-10", "1\tx\n2\t\\N\n");
        ArchiveTest.addSegment(archive, 1, "0-1-10", "0-1-20");
        ArchiveTest.addSegment(archive, 2, "0-1-20", "0-1-30");
    }

    @Test
    void nothingInItCanBeReadWithoutTheKeyAndAllWithIt() throws IOException {
        assertThat(complaints()).isEmpty();
        Rehearsals.add(
                archive,
                new Rehearsals.Rehearsal(1, Instant.EPOCH, "base-1", "", "0-1-30", 2, 2, 5, true));
        assertThat(Rehearsals.list(Archive.open(address))).hasSize(1);
        for (Path file : files()) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(content)
                    .as(file.toString())
                    .doesNotContain("0-1-10", "CREATE TABLE", "base-1", "archiveId", "binlog.0");
        }
    }

    @Test
    void everyFlippedByteOfEveryFileIsRefusedAndNamed() throws IOException {
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            String part = folder.relativize(file).toString();
            for (int i = 0; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] ^= 0x10;
                Files.write(file, bad);
                assertThat(complaints())
                        .as("byte %d of %s", i, part)
                        .isNotEmpty()
                        .allMatch(s -> s.contains(part));
            }
            for (int length = 0; length < good.length; length += 7) {
                Files.write(file, Arrays.copyOf(good, length));
                assertThat(complaints()).as("%s cut to %d", part, length).isNotEmpty();
            }
            Files.write(file, good);
        }
        assertThat(complaints()).isEmpty();
    }

    @Test
    void aFileUnderAnothersNameIsRefused() throws IOException {
        Path first = folder.resolve("segments/00000001.binlog");
        Path second = folder.resolve("segments/00000002.binlog");
        byte[] kept = Files.readAllBytes(first);
        Files.write(first, Files.readAllBytes(second));
        Files.write(second, kept);
        assertThat(complaints())
                .containsExactly(
                        "damaged archive: segments/00000001.binlog at byte 0: expected the head of"
                                + " segments/00000001.binlog, found one that was changed, or is of another file",
                        "damaged archive: segments/00000002.binlog at byte 0: expected the head of"
                                + " segments/00000002.binlog, found one that was changed, or is of another file");
    }

    @Test
    void blocksThatAreMovedDoubledOrCutOffAreRefused() throws IOException {
        byte[] content = new byte[5 * (1 << 16)];
        new Random(5).nextBytes(content);
        PartEntry part;
        try (PartSink sink = archive.newPart("segments/00000009.binlog", PartKind.SEGMENT, 1)) {
            sink.write(content);
            part = sink.seal();
        }
        assertThat(read(part)).isEqualTo(content);
        assertThat(archive.requireWhole(part)).hasBinaryContent(content);
        Path file = folder.resolve(part.path());
        byte[] good = Files.readAllBytes(file);
        assertThat(good).hasSize(72 + 5 * BLOCK_BYTES);

        byte[] moved = good.clone();
        System.arraycopy(good, 72, moved, 72 + BLOCK_BYTES, BLOCK_BYTES);
        System.arraycopy(good, 72 + BLOCK_BYTES, moved, 72, BLOCK_BYTES);
        byte[] doubled = good.clone();
        System.arraycopy(good, 72, doubled, 72 + BLOCK_BYTES, BLOCK_BYTES);
        byte[] cut = Arrays.copyOf(good, good.length - BLOCK_BYTES);
        for (byte[] bad : List.of(moved, doubled, cut)) {
            Files.write(file, bad);
            assertThatThrownBy(() -> read(part)).isInstanceOf(DamagedArchiveException.class);
        }
    }

    @Test
    void contentOfEveryLengthAroundABlockComesBack() throws IOException {
        for (int length : List.of(0, 1, 65535, 65536, 65537, 131072, (1 << 20) + 1)) {
            byte[] content = new byte[length];
            new Random(length).nextBytes(content);
            try (PartSink sink = archive.newPart("segments/00000008.binlog", PartKind.SEGMENT, 1)) {
                sink.write(content);
                assertThat(read(sink.seal())).as("%d bytes", length).isEqualTo(content);
            }
        }
    }

    @Test
    void aWrongKeyNoKeyAndAKeyTooManyAreToldApart() throws IOException {
        ArchiveKey other = key("other", 2);
        assertThatThrownBy(() -> Archive.open(address(other)))
                .isInstanceOfSatisfying(
                        Problem.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
                .hasMessage(
                        "manifest.json is encrypted for the key %s, the key given is %s\nHINT: give that key with --archive-key FILE. Without it nothing of this archive can be read."
                                .formatted(key("k", 1).id(), other.id()));
        assertThatThrownBy(() -> Archive.open(folder))
                .hasMessageStartingWith(
                        "archive %s is encrypted for the key %s, and no key is given\nHINT: "
                                .formatted(folder, key("k", 1).id()));
        Path clear = temp.resolve("clear");
        Archive.create(clear);
        assertThatThrownBy(
                        () ->
                                Archive.open(
                                        ArchiveAddress.parse(
                                                clear.toString(), null, temp, key("k", 1))))
                .hasMessageStartingWith(
                        "manifest.json is not encrypted, and a key is given for it\n");
    }

    @Test
    void aKeyFileThatOthersMayReadOrThatIsNoneIsRefusedUnprinted() throws IOException {
        Path open = temp.resolve("open.key");
        Files.writeString(open, Base64.getEncoder().encodeToString(new byte[32]));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> ArchiveKey.load(open))
                .hasMessageContaining("expected that only its owner may read it, found rw-r--r--");
        Path shorter = temp.resolve("short.key");
        Files.writeString(shorter, "c2hvcnQ=");
        Files.setPosixFilePermissions(shorter, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> ArchiveKey.load(shorter))
                .hasMessageStartingWith(
                        "archive key " + shorter + ": expected 32 bytes as one line of base64")
                .message()
                .doesNotContain("c2hvcnQ");
    }

    @Test
    void aBucketIsEncryptedTheSameWay() throws IOException {
        try (S3Lab s3 = new S3Lab()) {
            ArchiveAddress there = s3.address("p").withKey(key("k", 1));
            Archive made = Archive.create(there);
            ArchiveTest.addBase(made, "base-1", "0-1-10", "1\tx\n");
            ArchiveTest.addSegment(made, 1, "0-1-10", "0-1-20");
            assertThat(new ArchiveVerifier(Archive.open(there), p -> {}).verify().damages())
                    .isEmpty();
            assertThatThrownBy(() -> Archive.open(s3.address("p")))
                    .hasMessageStartingWith("archive s3://backups/p is encrypted for the key ");
        }
    }

    private byte[] read(PartEntry part) throws IOException {
        try (InputStream in = archive.read(part)) {
            return in.readAllBytes();
        }
    }

    private ArchiveAddress address(ArchiveKey key) {
        return ArchiveAddress.parse(folder.toString(), null, temp.resolve("spool"), key);
    }

    private ArchiveKey key(String name, int seed) throws IOException {
        byte[] secret = new byte[32];
        new Random(seed).nextBytes(secret);
        Path file = temp.resolve(name + ".key");
        Files.writeString(file, Base64.getEncoder().encodeToString(secret) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return ArchiveKey.load(file);
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(f -> !f.toString().endsWith(".lock"))
                    .toList();
        }
    }

    private List<String> complaints() {
        try {
            return new ArchiveVerifier(Archive.open(address), part -> {})
                    .verify().damages().stream().map(Object::toString).toList();
        } catch (Problem e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }
}
