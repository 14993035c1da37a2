package io.backstay.guard.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The folder that the target covers, where the target is a mount point: `ls` shows it no more, and
/// a server that was there before goes on using it.
///
/// @param parentPoint where the file system is mounted that the covered folder lies on
/// @param rest the folder's path below that
/// @param inside the folder's path inside its file system
record Covered(Path parentPoint, String rest, String inside, long device) {

    /// Empty if nothing is mounted there.
    static Optional<Covered> by(Path folder, List<Mount> mounts) throws CannotLookException {
        String point = folder.toString();
        List<Mount> here = mounts.stream().filter(m -> m.point().equals(point)).toList();
        if (here.isEmpty()) {
            return Optional.empty();
        }
        Mount top = here.getLast();
        Mount parent =
                mounts.stream()
                        .filter(mount -> mount.id() == top.parent())
                        .findFirst()
                        .orElseThrow(() -> cannot(point, "what it covers is not shown"));
        if (here.size() > 1 || parent.point().equals(point)) {
            throw cannot(point, "%d file systems are mounted on it".formatted(here.size()));
        }
        String rest = parent.point().equals("/") ? point : point.substring(parent.point().length());
        return Optional.of(
                new Covered(
                        Path.of(parent.point()),
                        rest,
                        Mount.join(parent.root(), rest),
                        parent.device()));
    }

    /// @param seen where the parent's folders are seen without what is mounted on them
    Place place(Path seen) throws CannotLookException {
        Tree tree = Tree.walk(Path.of(seen + rest));
        if (tree.device() != device) {
            throw cannot(rest, "what it covers is not seen");
        }
        return Place.beneath(tree, inside);
    }

    private static CannotLookException cannot(String point, String why) {
        return new CannotLookException(point + " is a mount point: " + why, "unmount it first");
    }
}
