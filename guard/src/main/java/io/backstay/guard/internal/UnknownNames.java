package io.backstay.guard.internal;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Names of files of which nothing is known, neither that they are data nor that they are
/// disposable.
public final class UnknownNames {
    private UnknownNames() {}

    /// Sorted, each once.
    public static List<String> in(Path folder, Set<String> known) {
        var names = new TreeSet<String>();
        try {
            for (Tree.Entry file : Tree.walk(folder).files()) {
                boolean isUnknown =
                        !known.contains(file.name())
                                && file.linkCount() == 1
                                && !DataDirectory.isSignature(file.name())
                                && recognised(file).isEmpty();
                if (isUnknown) {
                    names.add(file.name());
                }
            }
        } catch (CannotLookException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT, String.valueOf(e.getMessage()), e.remedy() + ".", e);
        }
        return List.copyOf(names);
    }

    /// What a file is by its content, whatever it is called; empty if nothing is recognised.
    static List<String> recognised(Tree.Entry file) throws CannotLookException {
        if (file.sizeBytes() == 0) {
            return List.of();
        }
        try (Medium medium = Medium.open(file.path())) {
            return Signatures.recognise(medium);
        } catch (IOException e) {
            throw new CannotLookException(
                    file.path() + " cannot be read: " + e.getMessage(), "run as root");
        }
    }
}
