package io.backstay.recovery.archive;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes parts that nobody needs out of an archive: first out of the manifest, then off the disk.
///
/// Killed in between, the rest are files that no manifest names; the next run deletes them, with
/// what killed backups and imports left. Files that a backup or a stream at work may be about to
/// enter are left alone.
public final class Expiry {
    private final Archive archive;

    public Expiry(Archive archive) {
        this.archive = archive;
    }

    /// What [#run] would do now.
    public Retention.Plan plan(Retention.Rule rule, Instant now) {
        return Retention.plan(archive.manifest(), rule, now);
    }

    /// @return what was done, decided again under the manifest's lock
    public Retention.Plan run(Retention.Rule rule, Instant now) {
        var plans = new ArrayList<Retention.Plan>();
        archive.change(
                manifest -> {
                    Retention.Plan plan = Retention.plan(manifest, rule, now);
                    plans.add(plan);
                    return plan.removed().isEmpty() ? manifest : plan.manifest();
                });
        Retention.Plan plan = plans.getFirst();
        for (Retention.Fate fate : plan.removed()) {
            delete(fate.part());
        }
        sweep("backup", "bases");
        sweep("stream", "segments");
        sweep("fold", "folds");
        return plan;
    }

    private void delete(PartEntry part) {
        Path file = archive.resolve(part);
        Path folder = file.getParent();
        if (part.kind() == PartKind.BASE && folder != null) {
            Disk.deleteTree(folder);
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes what no manifest names, unless a writer of that kind is at work.
    private void sweep(String role, String name) {
        Optional<ArchiveLock> lock = archive.tryLock(role);
        if (lock.isEmpty()) {
            return;
        }
        try (ArchiveLock _ = lock.get()) {
            Set<Path> known = known();
            for (Path file : children(archive.folder().resolve(name))) {
                if (!known.contains(file) && !Files.isSymbolicLink(file)) {
                    Disk.deleteTree(file);
                }
            }
        }
    }

    /// Folders of bases, files of segments and folds. A segment that a killed stream was entering
    /// is one too.
    private Set<Path> known() {
        Manifest manifest = archive.manifest();
        var known = new HashSet<Path>();
        for (BaseEntry base : manifest.bases()) {
            Path folder = archive.resolve(base.part()).getParent();
            if (folder != null) {
                known.add(folder);
            }
        }
        manifest.folds().forEach(fold -> known.add(archive.resolve(fold.part())));
        manifest.segments().forEach(segment -> known.add(archive.resolve(segment.part())));
        known.add(archive.folder().resolve(manifest.nextSegmentPath()));
        return known;
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var all = Files.list(folder)) {
            return all.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
