package io.backstay.guard.internal;

import io.backstay.guard.internal.ProcessFacts.Held;
import java.util.List;
import java.util.Optional;

/// Whose is a process? The one rule by which a process counts for a place, or belongs elsewhere.
///
/// It counts if it holds, maps, has as working directory or root, or runs an inode of the place. It
/// belongs elsewhere only if it has a data directory of its own, proved by an open anchor file, and
/// nothing of the place.
final class Scope {
    private Scope() {}

    /// What it holds of the place; empty if nothing.
    static List<Held> holdings(ProcessFacts process, Place place, MountNames mounts)
            throws CannotLookException {
        var found = new java.util.ArrayList<Held>();
        for (Held held : process.held()) {
            if (place.counts(held, mounts)) {
                found.add(held);
            }
        }
        return found;
    }

    /// The data directory that shows a process to belong elsewhere.
    static Optional<String> elsewhere(ProcessFacts process, Place place, MountNames mounts)
            throws CannotLookException {
        // this process holds controls that look like a data directory
        if (process.pid() == ProcessHandle.current().pid()
                || !process.unreadable().isEmpty()
                || !holdings(process, place, mounts).isEmpty()) {
            return Optional.empty();
        }
        return process.held().stream()
                .filter(held -> held.how() == ProcessFacts.How.OPEN && !held.deleted())
                .map(Held::text)
                .filter(DataDirectory::isAnchor)
                .map(text -> text.substring(0, text.lastIndexOf('/')))
                .findFirst();
    }
}
