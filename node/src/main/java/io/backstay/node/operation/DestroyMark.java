package io.backstay.node.operation;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A file inside a directory that says that its destroying was begun. It is there, durably, before
/// the first file goes, and goes last: what a failed destroying leaves is never taken for a whole
/// copy.
public final class DestroyMark {
    private static final String NAME = "backstay-destroying";

    private DestroyMark() {}

    public static boolean isSet(Path tree) {
        return Files.exists(tree.resolve(NAME));
    }

    /// Destroys a directory and all below it; links are not followed.
    ///
    /// @throws IOException if some of it is left; the mark is then there too
    public static void destroy(Path tree) throws IOException {
        destroy(tree, Disk::deleteTree);
    }

    static void destroy(Path tree, Consumer<Path> deleting) throws IOException {
        Path mark = tree.resolve(NAME);
        Disk.writeAtomically(mark, "what is left here is no whole copy of anything\n");
        List<Path> entries;
        try (Stream<Path> found = Files.list(tree)) {
            entries = found.filter(entry -> !entry.equals(mark)).toList();
        }
        entries.forEach(deleting);
        Files.delete(mark);
        Files.delete(tree);
    }
}
