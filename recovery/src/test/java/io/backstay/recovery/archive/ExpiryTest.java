package io.backstay.recovery.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    @TempDir Path folder;

    @Test
    void onlyWhatEveryKeptBaseHoldsGoesFromTheFront() throws IOException {
        Archive archive = archive();
        Retention.Plan plan = new Expiry(archive).run(new Retention.Rule(1, null), NOW);
        assertThat(plan.removed())
                .extracting(Retention.Fate::name)
                .containsExactly(
                        "base b0 of 1970-01-01T00:00:00Z",
                        "segment segments/00000001.binlog",
                        "segment segments/00000002.binlog");
        assertThat(files())
                .containsExactly(
                        "bases/b4/0000-00000.zst",
                        "bases/b4/base.json",
                        "segments/00000003.binlog",
                        "segments/00000004.binlog");
        assertThat(new ArchiveVerifier(archive, p -> {}).verify().damages()).isEmpty();
        // a segment that is half in the base stays, and the next number is a new one
        assertThat(archive.manifest().segmentsAfter(archive.manifest().bases().getFirst()))
                .hasSize(2);
        assertThat(archive.manifest().nextSegmentPath()).isEqualTo("segments/00000005.binlog");
    }

    @Test
    void aDryRunChangesNothingAndWhatKilledRunsLeftGoes() throws IOException {
        Archive archive = archive();
        Path left = folder.resolve("bases/b9");
        Files.createDirectories(left);
        Files.writeString(left.resolve("0000-00000.zst"), "left");
        Manifest before = archive.manifest();
        new Expiry(archive).plan(new Retention.Rule(1, null), NOW);
        assertThat(archive.manifest()).isEqualTo(before);
        try (ArchiveLock _ = archive.lock("backup")) {
            new Expiry(archive).run(new Retention.Rule(9, null), NOW);
            assertThat(left).exists();
        }
        new Expiry(archive).run(new Retention.Rule(9, null), NOW);
        assertThat(left).doesNotExist();
        assertThat(archive.manifest()).isEqualTo(before);
    }

    @Test
    void everyPointThatIsToBeKeptCanBeReachedAfterwards() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            Manifest manifest = random(random);
            Instant since = Instant.ofEpochSecond(random.nextInt(60));
            Manifest kept =
                    Retention.plan(manifest, new Retention.Rule(null, since), NOW).manifest();
            assertThat(points(kept, since))
                    .as("seed " + seed + " run " + run + " of " + manifest)
                    .isEqualTo(points(manifest, since));
        }
    }

    /// Transactions, by number (their second), that a restore can stop behind.
    private static Set<Long> points(Manifest manifest, Instant since) {
        var points = new TreeSet<Long>();
        for (BaseEntry base : manifest.bases()) {
            long from = number(base.gtid());
            points.add(from);
            for (SegmentEntry segment : manifest.segmentsAfter(base)) {
                for (long n = number(segment.fromGtid()) + 1; n <= number(segment.toGtid()); n++) {
                    if (n > from) {
                        points.add(n);
                    }
                }
            }
        }
        points.removeIf(n -> n < since.getEpochSecond());
        return points;
    }

    private static long number(String gtid) {
        return Long.parseLong(gtid.substring(gtid.lastIndexOf('-') + 1));
    }

    private static Manifest random(Random random) {
        var cuts = new TreeSet<Integer>(List.of(1, 60));
        for (int i = 0; i < 6; i++) {
            cuts.add(1 + random.nextInt(60));
        }
        var segments = new ArrayList<SegmentEntry>();
        Integer last = null;
        for (Integer cut : cuts) {
            if (last != null) {
                segments.add(segment(last, cut));
            }
            last = cut;
        }
        var bases = new ArrayList<BaseEntry>();
        var places = new TreeSet<Integer>(List.of(1));
        for (int i = 0; i < random.nextInt(5); i++) {
            places.add(1 + random.nextInt(60));
        }
        for (int place : places) {
            bases.add(
                    new BaseEntry(
                            "b" + place,
                            part("bases/b" + place + "/base.json"),
                            Instant.ofEpochSecond(place),
                            "0-1-" + place,
                            "10.11.5",
                            0,
                            0,
                            0));
        }
        return new Manifest(
                Manifest.FORMAT,
                1,
                "id",
                1,
                "w",
                Instant.EPOCH,
                bases,
                segments,
                List.of(),
                List.of());
    }

    private static SegmentEntry segment(int from, int to) {
        return new SegmentEntry(
                part(Manifest.segmentPath(to)),
                "0-1-" + from,
                "0-1-" + to,
                1,
                "binlog.000001",
                4,
                4,
                null,
                null,
                "",
                0,
                0,
                List.of(),
                false);
    }

    private static PartEntry part(String path) {
        return new PartEntry(path, PartKind.SEGMENT, 1, 0, "", "");
    }

    private Archive archive() throws IOException {
        Archive archive = Archive.create(folder);
        ArchiveTest.addBase(archive, "b0", "0-1-0", "1\n");
        ArchiveTest.addSegment(archive, 1, "0-1-0", "0-1-10");
        ArchiveTest.addSegment(archive, 2, "0-1-10", "0-1-20");
        ArchiveTest.addSegment(archive, 3, "0-1-20", "0-1-30");
        ArchiveTest.addBase(archive, "b4", "0-1-25", "1\n");
        ArchiveTest.addSegment(archive, 4, "0-1-30", "0-1-40");
        return archive;
    }

    private List<String> files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(f -> folder.relativize(f).toString())
                    .filter(f -> f.contains("/"))
                    .sorted()
                    .toList();
        }
    }
}
