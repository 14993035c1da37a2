package io.backstay.recovery.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.backstay.doors.Problem;
import io.backstay.mysql.KeyColumn;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    @TempDir Path temp;
    private Archive archive;
    private Path folder;

    @BeforeEach
    void writeASmallArchive() throws IOException {
        folder = temp.resolve("a");
        archive = Archive.create(folder);
        addBase(archive, "base-1", "0-1-10", "1\tx\n2\t\\N\n");
        addSegment(archive, 1, "0-1-10", "0-1-20");
        addSegment(archive, 2, "0-1-20", "0-1-30");
    }

    @Test
    void anUntouchedArchiveIsSound() {
        var report = new ArchiveVerifier(archive, part -> {}).verify();
        assertThat(report.damages()).isEmpty();
        assertThat(report.parts()).isEqualTo(4);
    }

    @Test
    void everyFlippedByteOfEveryPartIsFoundAndNamed() throws IOException {
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            for (int i = 0; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] ^= 0x10;
                Files.write(file, bad);
                String part = folder.relativize(file).toString();
                assertThat(complaints())
                        .as("byte %d of %s", i, part)
                        .isNotEmpty()
                        .allMatch(s -> s.contains(part));
            }
            Files.write(file, good);
        }
    }

    @Test
    void everyTruncatedPartIsFoundAndNamed() throws IOException {
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            for (int length = 0; length < good.length; length++) {
                Files.write(file, java.util.Arrays.copyOf(good, length));
                String part = folder.relativize(file).toString();
                assertThat(complaints())
                        .as("%s cut to %d", part, length)
                        .isNotEmpty()
                        .allMatch(s -> s.contains(part));
            }
            Files.write(file, good);
        }
    }

    @Test
    void aLostPartIsFoundAndNamed() throws IOException {
        Files.delete(folder.resolve("segments/00000002.binlog"));
        assertThat(complaints())
                .containsExactly(
                        "damaged archive: segments/00000002.binlog: expected 4 bytes, found no such file");
    }

    @Test
    void aSegmentBehindAGapIsRefused() {
        assertThatThrownBy(() -> addSegment(archive, 3, "0-1-31", "0-1-40"))
                .isInstanceOf(Problem.class)
                .hasMessage(
                        "gap in the log: segment segments/00000003.binlog begins behind GTID 0-1-31, the archive ends at"
                                + " 0-1-30\nHINT: stream from a server whose binary logs still hold that GTID, or take a"
                                + " new base with `backstay backup`.");
        assertThat(archive.manifest().segments()).hasSize(2);
    }

    @Test
    void aSegmentAtALaterBaseBeginsANewChain() throws IOException {
        addBase(archive, "base-2", "0-1-50", "1\ty\n");
        addSegment(archive, 3, "0-1-50", "0-1-60");
        assertThat(archive.end()).contains("0-1-60");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void pathsThatLeadOutOfTheArchiveAreRefused() {
        for (String path :
                List.of(
                        "../x",
                        "/etc/passwd",
                        "bases/../../x",
                        "",
                        "a//b",
                        "./a",
                        "a/..",
                        "a\0b",
                        ".hidden")) {
            var part = new PartEntry(path, PartKind.CHUNK, 1, 0, "", "");
            assertThatThrownBy(() -> archive.read(part))
                    .as(path)
                    .isInstanceOf(DamagedArchiveException.class);
        }
    }

    @Test
    void linksInAnArchiveAreNotFollowed() throws IOException {
        Path file = folder.resolve("segments/00000002.binlog");
        Path outside = Files.move(file, temp.resolve("outside"));
        Files.createSymbolicLink(file, outside);
        assertThat(complaints())
                .containsExactly(
                        "damaged archive: segments/00000002.binlog: expected files and folders only, found a symbolic"
                                + " link");
    }

    @Test
    void aSecondBackupAtTheSameTimeIsKeptApart() {
        try (ArchiveLock _ = archive.lock("backup")) {
            assertThatThrownBy(() -> archive.lock("backup"))
                    .hasMessageStartingWith(
                            "archive " + folder + ": another backup is writing to it");
            archive.lock("stream").close();
        }
        archive.lock("backup").close();
    }

    @Test
    void writersOfTheManifestDoNotOverwriteEachOther() throws Exception {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            int n = i;
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            addBase(
                                                    archive,
                                                    "many-" + n,
                                                    "0-1-" + (100 + n),
                                                    "1\n");
                                        } catch (IOException e) {
                                            throw new java.io.UncheckedIOException(e);
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(archive.manifest().bases()).hasSize(9);
        assertThat(complaints()).isEmpty();
    }

    @Test
    void aNewerManifestIsRefusedAsNewer() throws IOException {
        Manifest m = archive.manifest();
        Files.write(
                folder.resolve("manifest.json"),
                ManifestFile.bytes(
                        new Manifest(
                                m.format(),
                                4,
                                m.archiveId(),
                                9,
                                "x",
                                m.writtenAt(),
                                m.bases(),
                                m.segments(),
                                m.folds(),
                                m.copies())));
        assertThatThrownBy(() -> Archive.open(folder))
                .hasMessage(
                        "manifest.json: format version 4 is newer than 3, the newest this program reads\nHINT: use the"
                                + " version of backstay that wrote it, or a newer one.");
    }

    @Test
    void manifestsOfEarlierVersionsAreReadAndTheNextIsOfThisVersion() throws IOException {
        Path file = folder.resolve("manifest.json");
        String json = Files.readString(file).lines().findFirst().orElseThrow();
        String second = older(json, 2, ",\"copies\":[]}");
        for (String old : List.of(second, older(second, 1, ",\"folds\":[]}"))) {
            String digest = io.backstay.doors.Disk.sha256(old.getBytes(StandardCharsets.UTF_8));
            Files.writeString(file, old + "\nsha256 " + digest + "\n");
            Archive opened = Archive.open(folder);
            assertThat(opened.manifest().segments()).hasSize(2);
            assertThat(opened.manifest().folds()).isEmpty();
            assertThat(opened.manifest().copies()).isEmpty();
            addSegment(opened, 3, "0-1-30", "0-1-40");
            assertThat(opened.manifest().formatVersion()).isEqualTo(3);
        }
    }

    private static String older(String json, int version, String without) {
        String old =
                json.replace(
                                "\"formatVersion\":" + (version + 1) + ",\"archiveId\"",
                                "\"formatVersion\":" + version + ",\"archiveId\"")
                        .replace(without, "}");
        assertThat(old).hasSize(json.length() - without.length() + 1);
        return old;
    }

    @Test
    void aFolderWithOtherThingsInItIsLeftAlone() throws IOException {
        Path other = Files.createDirectory(temp.resolve("b"));
        Files.writeString(other.resolve("mine"), "x");
        assertThatThrownBy(() -> Archive.openOrCreate(other))
                .hasMessageStartingWith(
                        "folder " + other + " is no archive and not empty: it holds mine");
        assertThat(other).isDirectoryContaining("glob:**mine");
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
            return new ArchiveVerifier(Archive.open(folder), part -> {})
                    .verify().damages().stream().map(Object::toString).toList();
        } catch (Problem e) {
            return List.of(e.getMessage());
        }
    }

    static void addBase(Archive archive, String id, String gtid, String rows) throws IOException {
        var digest = new RowDigest();
        PartEntry part;
        try (PartSink sink =
                archive.newPart("bases/" + id + "/0000-00000.zst", PartKind.CHUNK, 1)) {
            byte[] text = rows.getBytes(StandardCharsets.UTF_8);
            for (String row : rows.split("\n")) {
                byte[] bytes = row.getBytes(StandardCharsets.UTF_8);
                digest.add(bytes, 0, bytes.length);
            }
            sink.write(Zstd.compress(text));
            part = sink.seal();
        }
        var chunk = new BaseDocument.Chunk(part, digest.rows(), rows.length(), digest.toString());
        var table =
                new BaseDocument.Table(
                        "s",
                        "t",
                        "InnoDB",
                        "CREATE TABLE t (a INT)",
                        List.of(new BaseDocument.Column("a", "int", "int(11)", false)),
                        List.of("a"),
                        new TableDefinition(
                                new TableName("s", "t"),
                                TableDefinition.Kind.BASE_TABLE,
                                Optional.of("InnoDB"),
                                List.of(),
                                List.of(new KeyColumn("a", OptionalInt.empty())),
                                List.of()),
                        null,
                        digest.rows(),
                        digest.toString(),
                        List.of(chunk));
        var source =
                new BaseDocument.Source(
                        "10.11.5",
                        1,
                        Instant.EPOCH,
                        gtid,
                        gtid,
                        "",
                        "binlog.000001",
                        4,
                        0,
                        "latin1",
                        "latin1_swedish_ci");
        var document =
                new BaseDocument(
                        1,
                        id,
                        source,
                        new BaseDocument.Lock("none", 0),
                        List.of(),
                        List.of(table),
                        List.of(),
                        List.of(),
                        List.of());
        PartEntry entry = archive.writeBaseDocument(document);
        archive.addBase(
                new BaseEntry(
                        id,
                        entry,
                        Instant.EPOCH,
                        gtid,
                        "10.11.5",
                        1,
                        digest.rows(),
                        part.lengthBytes()));
    }

    static void addSegment(Archive archive, int number, String from, String to) throws IOException {
        try (PartSink sink =
                archive.newPart("segments/%08d.binlog".formatted(number), PartKind.SEGMENT, 1)) {
            sink.write(new byte[] {(byte) 0xfe, 0x62, 0x69, 0x6e});
            archive.addSegment(
                    new SegmentEntry(
                            sink.seal(),
                            from,
                            to,
                            1,
                            "binlog.000001",
                            4,
                            4,
                            null,
                            null,
                            to,
                            0,
                            0,
                            List.of(),
                            false));
        }
    }
}
