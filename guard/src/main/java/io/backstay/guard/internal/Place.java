package io.backstay.guard.internal;

import io.backstay.guard.internal.ProcessFacts.Held;
import java.util.List;
import java.util.Set;

/// A folder under examination: the target, or one that was prepared as a control.
///
/// @param inside its path inside its file system, whatever is mounted where
/// @param addresses IP addresses whose listeners belong to it
/// @param where said before everything that was found; empty for the target itself
record Place(Tree tree, String inside, Set<String> addresses, String where) {

    static Place of(Tree tree, List<Mount> mounts, Set<String> addresses)
            throws CannotLookException {
        String inside =
                Mount.inside(mounts, tree.folder().toString(), tree.device())
                        .orElseThrow(
                                () ->
                                        new CannotLookException(
                                                "no mount was found for " + tree.folder(),
                                                "run outside of a container"));
        return new Place(tree, inside, addresses, "");
    }

    /// The folder that a mount covers.
    static Place beneath(Tree tree, String inside) {
        return new Place(tree, inside, Set.of(), "beneath the mount: ");
    }

    /// The one scope rule: what a process holds counts if it is an inode of this place, or was a
    /// file of this place before it was deleted.
    boolean counts(Held held, MountNames mounts) throws CannotLookException {
        if (tree.keys().contains(held.key())) {
            return true;
        }
        boolean isNameOnly = held.key().equals(FileKey.UNKNOWN);
        if (!isNameOnly && held.key().device() != tree.device()) {
            return false;
        }
        if (held.text().startsWith("(unreachable)")) {
            if (held.deleted()) {
                throw new CannotLookException(
                        "a deleted file of this file system has no name any more: " + held.text(),
                        "end the process that holds it");
            }
            return false;
        }
        // deleted, or created after the walk: its name inside the file system decides
        return mounts.inside(held, tree.device())
                .filter(name -> Mount.isAtOrBelow(name, inside))
                .isPresent();
    }
}
