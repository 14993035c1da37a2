package io.backstay.recovery.archive;

import io.backstay.recovery.archive.store.PartStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Takes parts that nobody needs out of an archive: first out of the manifest, then out of the
/// store.
///
/// Killed in between, the rest are parts that no manifest names; the next run deletes them, with
/// what killed backups and imports left. Files that a backup or a stream at work may be about to
/// enter are left alone.
public final class Expiry {
    private final Archive archive;
    private final PartStore store;

    public Expiry(Archive archive) {
        this.archive = archive;
        store = archive.store();
    }

    /// What [#run] would do now.
    public Retention.Plan plan(Retention.Rule rule, Instant now) {
        return Retention.plan(archive.manifest(), rule, now);
    }

    /// @return what was done, decided again as the manifest was replaced
    public Retention.Plan run(Retention.Rule rule, Instant now) {
        var plans = new ArrayList<Retention.Plan>();
        archive.change(
                manifest -> {
                    Retention.Plan plan = Retention.plan(manifest, rule, now);
                    plans.add(plan);
                    return plan.removed().isEmpty() ? manifest : plan.manifest();
                });
        Retention.Plan plan = plans.getLast();
        for (Retention.Fate fate : plan.removed()) {
            delete(fate.part());
        }
        sweep("backup", "bases");
        sweep("stream", "segments");
        sweep("fold", "folds");
        return plan;
    }

    private void delete(PartEntry part) {
        store.delete(part.kind() == PartKind.BASE ? folderOf(part) : part.path());
    }

    /// Deletes what no manifest names, unless a writer of that kind is at work.
    private void sweep(String role, String folder) {
        Optional<ArchiveLock> lock = archive.tryLock(role);
        if (lock.isEmpty()) {
            return;
        }
        try (ArchiveLock _ = lock.get()) {
            if (unknown(folder).isEmpty()) {
                return;
            }
            if (!archive.isWorkFolderDurable()) {
                // whoever lost that lock to this run, and does not know it yet, finds a newer
                // manifest
                archive.change(
                        manifest ->
                                manifest.with(
                                        manifest.bases(), manifest.segments(), Instant.now()));
            }
            unknown(folder).forEach(store::delete);
        }
    }

    /// A segment that a killed stream was entering is known too.
    private List<String> unknown(String folder) {
        Manifest manifest = archive.manifest();
        var known = new HashSet<String>();
        manifest.bases().forEach(base -> known.add(folderOf(base.part())));
        manifest.folds().forEach(fold -> known.add(fold.part().path()));
        manifest.segments().forEach(segment -> known.add(segment.part().path()));
        known.add(manifest.nextSegmentPath());
        return store.list(folder).stream()
                .map(name -> folder + "/" + name)
                .filter(path -> !known.contains(path))
                .toList();
    }

    private static String folderOf(PartEntry part) {
        int slash = part.path().lastIndexOf('/');
        return slash < 0 ? part.path() : part.path().substring(0, slash);
    }
}
