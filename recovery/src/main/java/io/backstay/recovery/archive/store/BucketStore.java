package io.backstay.recovery.archive.store;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// An archive in a bucket of an object store that speaks S3, under one prefix.
///
/// | Key behind the prefix | Is |
/// | --- | --- |
/// | `bases/ID/NNNN-NNNNN.DIGEST.zst`, `bases/ID/base.DIGEST.json`, `segments/NNNNNNNN.DIGEST.binlog` | a part; DIGEST is the first 16 hexadecimal digits of its SHA-256 |
/// | `manifest.json/NNNNNNNNNNNN` | the document `manifest.json`: [Versions] |
/// | `rehearsals.jsonl/NNNNNNNNNNNN` | one line of that journal each, without line feed |
/// | `locks/ROLE/NNNNNNNNNNNN` | [Lease] |
///
/// A part's name follows from its bytes: one that is sent twice is the same, and two writers never
/// write to one name. All that is asked of the store is that a listing shows what was written
/// before, and that a conditional PUT (`If-None-Match: *`) is one step; whether it knows that is
/// tried when an archive is made.
///
/// The work folder (the spool) holds the open segment, which is no part of the bucket until it is
/// closed, and the [RunFolder].
public final class BucketStore implements PartStore {
    private static final Duration UPDATE_WAIT = Duration.ofSeconds(60);
    private static final int DIGEST_DIGITS = 16;

    private final ArchiveAddress.Bucket address;
    private final S3Objects objects;
    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();

    BucketStore(ArchiveAddress.Bucket address, S3Objects objects) {
        this.address = address;
        this.objects = objects;
    }

    @Override
    public PartWriting begin(String path) throws IOException {
        Path folder = Disk.folder(RunFolder.in(workFolder()).resolve("parts"));
        return new FileWriting(this, folder.resolve(UUID.randomUUID().toString()), path);
    }

    @Override
    public String keep(Path file, String path, String sha256) {
        String kept = named(path, sha256);
        objects.put(key(kept), file, sha256);
        return kept;
    }

    private static String named(String path, String sha256) {
        int dot = path.lastIndexOf('.');
        return path.substring(0, dot)
                + "."
                + sha256.substring(0, DIGEST_DIGITS)
                + path.substring(dot);
    }

    @Override
    public StoredBytes open(String path, long from) throws IOException {
        var in = new ResumingStream(objects, key(path), from);
        return new StoredBytes(in, in.lengthBytes());
    }

    @Override
    public Optional<Path> find(String path) {
        return Optional.empty();
    }

    @Override
    public List<String> list(String folder) {
        String prefix = key(folder) + "/";
        S3Objects.Listing found = objects.list(prefix, false);
        var names = new ArrayList<>(found.folders());
        found.objects().forEach(object -> names.add(object.key().substring(prefix.length())));
        return List.copyOf(names);
    }

    @Override
    public void delete(String path) {
        String key = key(path);
        for (S3Objects.Listed object : objects.list(key, true).objects()) {
            if (object.key().equals(key) || object.key().startsWith(key + "/")) {
                objects.delete(object.key());
            }
        }
    }

    @Override
    public Optional<byte[]> document(String name) {
        Versions versions = versions(name);
        return versions.newest().flatMap(newest -> versions.find(newest.number()));
    }

    @Override
    public Optional<String> create(String name, byte[] content) {
        S3Objects.Listing there = objects.list(address.prefix() + "/", true);
        if (!there.objects().isEmpty()) {
            return Optional.of(
                    there.objects().getFirst().key().substring(address.prefix().length() + 1));
        }
        Versions versions = versions(name);
        if (!versions.add(1, content)) {
            return Optional.of(name);
        }
        if (versions.add(1, "tried".getBytes(StandardCharsets.UTF_8))) {
            versions.delete(1);
            throw new StoreProblem(
                    ErrorCode.UNSUPPORTED,
                    "S3 at %s: it writes over an object in spite of If-None-Match, so two writers would undo each other"
                            .formatted(address.access()),
                    "use a store that knows conditional writes, or a folder as archive.");
        }
        return Optional.empty();
    }

    @Override
    public void update(String name, UnaryOperator<byte[]> step) {
        Versions versions = versions(name);
        long deadline = System.nanoTime() + UPDATE_WAIT.toNanos();
        while (true) {
            long number = versions.newest().map(Versions.Newest::number).orElse(0L);
            byte[] before =
                    versions.find(number)
                            .orElseThrow(() -> new IllegalStateException("no document " + name));
            byte[] after = step.apply(before);
            if (Arrays.equals(after, before)) {
                return;
            }
            leases.forEach(Lease::requireHeld);
            if (versions.add(number + 1, after)) {
                versions.prune();
                return;
            }
            pause(deadline, name);
        }
    }

    @Override
    public void append(String journal, byte[] line) {
        Versions versions = versions(journal);
        long deadline = System.nanoTime() + UPDATE_WAIT.toNanos();
        while (!versions.add(versions.newest().map(Versions.Newest::number).orElse(0L) + 1, line)) {
            pause(deadline, journal);
        }
    }

    private void pause(long deadline, String name) {
        if (System.nanoTime() > deadline) {
            throw new StoreProblem(
                    ErrorCode.FAILED,
                    "archive %s: others have replaced its %s again and again for %d s"
                            .formatted(address, name, UPDATE_WAIT.toSeconds()),
                    "run the same command again when less is at work there.");
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1_000_000, 50_000_000));
    }

    @Override
    public List<byte[]> journal(String name) {
        return versions(name).all();
    }

    @Override
    public StoreLock.Attempt tryLock(String role) {
        var taken = new ArrayList<Lease>();
        StoreLock.Attempt attempt =
                Lease.tryTake(versions("locks/" + role), role, () -> taken.forEach(leases::remove));
        if (attempt instanceof StoreLock.Attempt.Taken(Lease lease)) {
            taken.add(lease);
            leases.add(lease);
        }
        return attempt;
    }

    @Override
    public Path workFolder() {
        return address.workFolder();
    }

    @Override
    public boolean isWorkFolderDurable() {
        return false;
    }

    private Versions versions(String name) {
        return new Versions(objects, key(name));
    }

    private String key(String path) {
        return address.prefix() + "/" + path;
    }
}
