package io.backstay.recovery.archive;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.store.ArchiveAddress;
import io.backstay.recovery.archive.store.ArchiveKey;
import io.backstay.recovery.archive.store.LinkFoundException;
import io.backstay.recovery.archive.store.PartStore;
import io.backstay.recovery.archive.store.StoreLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Immutable parts and the manifest that names them, in a folder or a bucket; one per cluster.
///
/// | Path | Is |
/// | --- | --- |
/// | `manifest.json` | the list of all parts: [Manifest] |
/// | `bases/ID/base.json` | table of contents of a base: [BaseDocument] |
/// | `bases/ID/NNNN-NNNNN.zst` | rows: table number, chunk number: [ChunkReader] |
/// | `bases/ID/files.json` | table of contents of a data directory that holds it: [CopyDocument] |
/// | `bases/ID/files/NNNNNN.zst` | stretches of its files: [CopyPieces] |
/// | `segments/NNNNNNNN.binlog` | binary log: [SegmentEntry] |
/// | `folds/BASE-NNNNNNNN-NNNNNNNN.binlog` | net changes of some segments: [FoldEntry] |
/// | `rehearsals.jsonl` | when it was restored for proof: [Rehearsals] |
///
/// How that lies in a folder is said by [io.backstay.recovery.archive.store.DirectoryStore], in a
/// bucket by [io.backstay.recovery.archive.store.BucketStore]. The segment that is being written is
/// in [#workFolder], in `open/`, no part yet.
///
/// Invariants: a part is made durable whole, then entered in a new manifest; what no manifest names
/// does not count; what a manifest names is never written again. Safe for use by several threads
/// and processes: every question reads the manifest anew, every change takes the manifest's lock.
public final class Archive {
    public static final String WRITER = "backstay 0.1.0";

    private final ArchiveAddress address;
    private final PartStore store;
    private final PartCopies copies;

    private Archive(ArchiveAddress address, PartStore store) {
        this.address = address;
        this.store = store;
        copies = new PartCopies(this, store.workFolder());
    }

    public static Archive open(Path folder) {
        return open(ArchiveAddress.of(folder));
    }

    /// An existing archive. Errors: none there, [DamagedArchiveException].
    public static Archive open(ArchiveAddress address) {
        PartStore store = address.store();
        Optional<byte[]> manifest = store.document(ManifestFile.NAME);
        if (manifest.isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "no archive at " + address + ": it has no " + ManifestFile.NAME,
                    "make one with `backstay backup --archive " + address + " --server URL`.");
        }
        if (address.key().isEmpty()) {
            ArchiveKey.idOf(manifest.get()).ifPresent(id -> refuse(address, id));
        }
        ManifestFile.read(manifest.get());
        return new Archive(address, store);
    }

    private static void refuse(ArchiveAddress address, String keyId) {
        throw new Problem(
                ErrorCode.USAGE,
                "archive %s is encrypted for the key %s, and no key is given"
                        .formatted(address, keyId),
                "give it with --archive-key FILE. Without it nothing of this archive can be read.");
    }

    public static Archive create(Path folder) {
        return create(ArchiveAddress.of(folder));
    }

    /// A new archive in a folder that is absent or empty, or under a prefix that nothing is under.
    public static Archive create(ArchiveAddress address) {
        PartStore store = address.store();
        Optional<String> there = store.create(ManifestFile.NAME, ManifestFile.bytes(first()));
        if (there.isPresent()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "%s %s is no archive and not empty: it holds %s"
                            .formatted(
                                    address.isFolder() ? "folder" : "prefix", address, there.get()),
                    address.isFolder()
                            ? "give an empty folder, or one that does not exist."
                            : "give a prefix that nothing is under.");
        }
        return new Archive(address, store);
    }

    private static Manifest first() {
        return new Manifest(
                Manifest.FORMAT,
                Manifest.FORMAT_VERSION,
                UUID.randomUUID().toString(),
                1,
                WRITER,
                Instant.now(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /// Of two who create it at once, one does, and the other opens it.
    public static Archive openOrCreate(ArchiveAddress address) {
        PartStore store = address.store();
        boolean isThere = store.document(ManifestFile.NAME).isPresent();
        if (!isThere) {
            Optional<String> other = store.create(ManifestFile.NAME, ManifestFile.bytes(first()));
            if (other.isEmpty()) {
                return new Archive(address, store);
            }
            isThere = store.document(ManifestFile.NAME).isPresent();
        }
        return isThere ? open(address) : create(address);
    }

    public static Archive openOrCreate(Path folder) {
        return openOrCreate(ArchiveAddress.of(folder));
    }

    /// Where it is, as it was said.
    public ArchiveAddress address() {
        return address;
    }

    /// Folder of this machine for what is no part yet; for an archive in a folder that very folder.
    public Path workFolder() {
        return store.workFolder();
    }

    /// Whether what is durable in [#workFolder] is durable in the archive.
    public boolean isWorkFolderDurable() {
        return store.isWorkFolderDurable();
    }

    PartStore store() {
        return store;
    }

    /// The manifest as it is now.
    public Manifest manifest() {
        return ManifestFile.read(
                store.document(ManifestFile.NAME)
                        .orElseThrow(
                                () ->
                                        new UncheckedIOException(
                                                new NoSuchFileException(
                                                        address + "/" + ManifestFile.NAME))));
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

    /// Its kept data directories.
    public KeptCopies copies() {
        return new KeptCopies(this);
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
        return switch (store.tryLock(role)) {
            case StoreLock.Attempt.Taken(var lock) -> new ArchiveLock(lock);
            case StoreLock.Attempt.Held(var holder, var hint) ->
                    throw new Problem(
                            ErrorCode.FAILED,
                            "archive %s: another %s is writing to it%s"
                                    .formatted(
                                            address, role, holder.isEmpty() ? "" : ": " + holder),
                            "wait until it has ended, or " + hint + ".");
        };
    }

    /// As [#lock]; empty while another writer of this kind is at work.
    public Optional<ArchiveLock> tryLock(String role) {
        return switch (store.tryLock(role)) {
            case StoreLock.Attempt.Taken(var lock) -> Optional.of(new ArchiveLock(lock));
            case StoreLock.Attempt.Held _ -> Optional.empty();
        };
    }

    /// Begins a part; it counts once an `add` method has entered it.
    public PartSink newPart(String path, PartKind kind, int formatVersion) {
        return new PartSink(store, path, kind, formatVersion);
    }

    /// Makes a finished file in [#workFolder] a part: durable, digested. It may be gone then; if it
    /// is not, it is to be deleted once the part is entered.
    public PartEntry adopt(Path file, String path, PartKind kind, int formatVersion) {
        return Adoption.run(store, file, path, kind, formatVersion);
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
                                "fold again: `backstay archive fold --archive " + address + "`.");
                    }
                    return next;
                });
        replaced.forEach(old -> store.delete(old.part().path()));
    }

    /// Takes folds out that nobody can read; their segments stay.
    public void removeFolds(List<FoldEntry> removed) {
        change(
                manifest -> {
                    var folds = new ArrayList<>(manifest.folds());
                    folds.removeAll(removed);
                    return manifest.withFolds(folds, Instant.now());
                });
        removed.forEach(old -> store.delete(old.part().path()));
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
            ManifestFile.requireInside(part);
            return new PartStream(store, part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A part as a file of this machine; where it is one already, its checksums have not been
    /// looked at. Links are not followed. The file is to be read only, and is there as long as the
    /// process.
    public Path resolve(PartEntry part) {
        ManifestFile.requireInside(part);
        try {
            return store.find(part.path()).orElseGet(() -> copies.of(part));
        } catch (LinkFoundException e) {
            throw PartStream.isLink(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As [#resolve], and all of it was held against its checksums.
    public Path requireWhole(PartEntry part) {
        ManifestFile.requireInside(part);
        try {
            if (store.find(part.path()).isEmpty()) {
                return copies.of(part);
            }
        } catch (LinkFoundException e) {
            throw PartStream.isLink(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            case COPY -> CopyDocument.FORMAT_VERSION;
            case PIECE -> CopyPieces.FORMAT_VERSION;
        };
    }

    /// Replaces the manifest; nothing is written if it stays the same. The step may run more than
    /// once.
    void change(UnaryOperator<Manifest> step) {
        store.update(
                ManifestFile.NAME,
                bytes -> {
                    Manifest before = ManifestFile.read(bytes);
                    Manifest after = step.apply(before);
                    return after.equals(before) ? bytes : ManifestFile.bytes(after);
                });
    }
}
