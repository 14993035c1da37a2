package io.backstay.recovery.archive;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// A folder of immutable parts and the manifest that names them; one per cluster.
///
/// | Path | Is |
/// | --- | --- |
/// | `manifest.json` | the list of all parts: [Manifest] |
/// | `bases/ID/base.json` | table of contents of a base: [BaseDocument] |
/// | `bases/ID/NNNN-NNNNN.zst` | rows: table number, chunk number: [ChunkReader] |
/// | `segments/NNNNNNNN.binlog` | binary log: [SegmentEntry] |
/// | `folds/BASE-NNNNNNNN-NNNNNNNN.binlog` | net changes of some segments: [FoldEntry] |
/// | `open/` | the segment that is being written, no part yet |
/// | `rehearsals.jsonl` | when it was restored for proof: [Rehearsals] |
/// | `ROLE.lock` | locks: [ArchiveLock] |
///
/// Invariants: a part is written under a temporary name, fsynced, renamed, then entered in a new
/// manifest; a file that no manifest names does not count; what a manifest names is never written
/// again. Safe for use by several threads and processes: every question reads the manifest anew,
/// every change takes the manifest's lock.
public final class Archive {
    public static final String WRITER = "backstay 0.1.0";
    private static final Duration MANIFEST_WAIT = Duration.ofSeconds(30);

    private final Path folder;

    private Archive(Path folder) {
        this.folder = folder;
    }

    /// An existing archive. Errors: none there, [DamagedArchiveException].
    public static Archive open(Path folder) {
        if (!Files.isRegularFile(folder.resolve(ManifestFile.NAME))) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "no archive at " + folder + ": it has no " + ManifestFile.NAME,
                    "make one with `backstay backup --archive " + folder + " --server URL`.");
        }
        var archive = new Archive(folder.toAbsolutePath());
        archive.manifest();
        return archive;
    }

    /// A new archive in a folder that is absent or empty.
    public static Archive create(Path folder) {
        Disk.folder(folder);
        try (var entries = Files.list(folder)) {
            Optional<Path> first = entries.findFirst();
            if (first.isPresent()) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "folder "
                                + folder
                                + " is no archive and not empty: it holds "
                                + first.get().getFileName(),
                        "give an empty folder, or one that does not exist.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ManifestFile.write(
                folder,
                new Manifest(
                        Manifest.FORMAT,
                        Manifest.FORMAT_VERSION,
                        UUID.randomUUID().toString(),
                        1,
                        WRITER,
                        Instant.now(),
                        List.of(),
                        List.of(),
                        List.of()));
        return new Archive(folder.toAbsolutePath());
    }

    public static Archive openOrCreate(Path folder) {
        return Files.exists(folder.resolve(ManifestFile.NAME)) ? open(folder) : create(folder);
    }

    public Path folder() {
        return folder;
    }

    /// The manifest as it is now.
    public Manifest manifest() {
        return ManifestFile.read(folder);
    }

    public BaseDocument document(BaseEntry base) {
        try (InputStream in = read(base.part())) {
            BaseDocument document =
                    Json.read(
                            in.readAllBytes(),
                            BaseDocument.class,
                            base.part().path(),
                            BaseDocument.FORMAT_VERSION);
            document.tables()
                    .forEach(
                            table ->
                                    table.chunks()
                                            .forEach(
                                                    chunk ->
                                                            ManifestFile.requireInside(
                                                                    chunk.part())));
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where the log goes on: behind the last segment, or at the newest base if that is later or
    /// there is no segment; empty if there is neither.
    ///
    /// A base counts as later if it was entered when the chain of segments ended before it, and the
    /// chain has not reached it since: see [#addSegment].
    public Optional<String> end() {
        return end(manifest());
    }

    static Optional<String> end(Manifest manifest) {
        if (!manifest.segments().isEmpty()) {
            return Optional.of(manifest.segments().getLast().toGtid());
        }
        return manifest.bases().isEmpty()
                ? Optional.empty()
                : Optional.of(manifest.bases().getLast().gtid());
    }

    /// Makes this the only writer of its kind; see [ArchiveLock].
    public ArchiveLock lock(String role) {
        return ArchiveLock.take(folder, role);
    }

    /// As [#lock]; empty while another writer of this kind is at work.
    public Optional<ArchiveLock> tryLock(String role) {
        return Optional.ofNullable(ArchiveLock.tryTake(folder, role));
    }

    /// Begins a part; it counts once an `add` method has entered it.
    public PartSink newPart(String path, PartKind kind, int formatVersion) {
        return new PartSink(folder, path, kind, formatVersion);
    }

    /// Makes a finished file on the archive's own file system a part: durable, digested, renamed.
    public PartEntry adopt(Path file, String path, PartKind kind, int formatVersion) {
        return Adoption.run(folder, file, path, kind, formatVersion);
    }

    public PartEntry writeBaseDocument(BaseDocument document) {
        try (PartSink sink =
                newPart(
                        "bases/" + document.id() + "/base.json",
                        PartKind.BASE,
                        BaseDocument.FORMAT_VERSION)) {
            sink.write(Json.write(document));
            return sink.seal();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Enters a base among the others by its time.
    public void addBase(BaseEntry base) {
        ManifestFile.requireInside(base.part());
        change(
                manifest -> {
                    var bases = new ArrayList<>(manifest.bases());
                    int place = bases.size();
                    while (place > 0 && bases.get(place - 1).at().isAfter(base.at())) {
                        place--;
                    }
                    bases.add(place, base);
                    return manifest.with(bases, manifest.segments(), Instant.now());
                });
    }

    /// Enters a segment. Errors: a gap, if it begins neither where the last one ended nor at a
    /// base.
    public void addSegment(SegmentEntry segment) {
        ManifestFile.requireInside(segment.part());
        change(
                manifest -> {
                    Gaps.requireNone(manifest, segment);
                    var segments = new ArrayList<>(manifest.segments());
                    segments.add(segment);
                    return manifest.with(manifest.bases(), segments, Instant.now());
                });
    }

    /// Enters a fold in place of those that it stands for together. Errors: its segments, or one of
    /// those folds, are in the archive no more.
    public void addFold(FoldEntry fold, List<FoldEntry> replaced) {
        ManifestFile.requireInside(fold.part());
        change(
                manifest -> {
                    var folds = new ArrayList<>(manifest.folds());
                    int place =
                            replaced.isEmpty() ? folds.size() : folds.indexOf(replaced.getFirst());
                    boolean isAsBefore = folds.containsAll(replaced);
                    folds.removeAll(replaced);
                    if (isAsBefore) {
                        folds.add(place, fold);
                    }
                    Manifest next = manifest.withFolds(folds, Instant.now());
                    if (!isAsBefore || !next.folds().contains(fold)) {
                        throw new Problem(
                                ErrorCode.FAILED,
                                "cannot enter "
                                        + fold.part().path()
                                        + ": what it was made of went out of the archive meanwhile",
                                "fold again: `backstay archive fold --archive " + folder + "`.");
                    }
                    return next;
                });
        replaced.forEach(old -> delete(old.part()));
    }

    private void delete(PartEntry part) {
        try {
            Files.deleteIfExists(resolve(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A part's bytes; damage is found before it is handed out. The caller closes it.
    public InputStream read(PartEntry part) {
        try {
            if (part.formatVersion() != newest(part.kind())) {
                throw new Problem(
                        ErrorCode.UNSUPPORTED,
                        part.path()
                                + ": format version "
                                + part.formatVersion()
                                + ", this program reads "
                                + newest(part.kind()),
                        "use the version of backstay that wrote it, or a newer one.");
            }
            return new PartStream(resolve(part), part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where a part lies on disk; its checksums have not been looked at. Links are not followed.
    public Path resolve(PartEntry part) {
        ManifestFile.requireInside(part);
        Path at = folder;
        for (String name : part.path().split("/", -1)) {
            at = at.resolve(name);
            if (Files.isSymbolicLink(at)) {
                throw new DamagedArchiveException(
                        new DamagedArchiveException.Damage(
                                part.path(), -1, "files and folders only", "a symbolic link"));
            }
        }
        return at;
    }

    /// Reads all of a part and holds it against its checksums.
    public Path requireWhole(PartEntry part) {
        try (InputStream in = read(part)) {
            in.skipNBytes(part.lengthBytes());
            return resolve(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int newest(PartKind kind) {
        return switch (kind) {
            case BASE -> BaseDocument.FORMAT_VERSION;
            case CHUNK -> ChunkReader.FORMAT_VERSION;
            case SEGMENT -> SegmentEntry.FORMAT_VERSION;
            case FOLD -> FoldEntry.FORMAT_VERSION;
        };
    }

    /// Replaces the manifest under its lock; nothing is written if it stays the same.
    void change(UnaryOperator<Manifest> step) {
        try (ArchiveLock _ = lockManifest()) {
            Manifest before = manifest();
            Manifest after = step.apply(before);
            if (!after.equals(before)) {
                ManifestFile.write(folder, after);
            }
        }
    }

    private ArchiveLock lockManifest() {
        long deadline = System.nanoTime() + MANIFEST_WAIT.toNanos();
        while (System.nanoTime() < deadline) {
            ArchiveLock lock = ArchiveLock.tryTake(folder, "manifest");
            if (lock != null) {
                return lock;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return ArchiveLock.take(folder, "manifest");
    }
}
