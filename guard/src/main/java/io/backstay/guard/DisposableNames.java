package io.backstay.guard;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.internal.UnknownNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Names of files that may be destroyed unseen: the short list that comes with the guard, and what
/// a host adds. One a line, `#` begins a comment; a name with `/` or a pattern is an error.
public final class DisposableNames {
    private DisposableNames() {}

    public static Set<String> shipped() {
        try (InputStream in = DisposableNames.class.getResourceAsStream("disposable-names")) {
            if (in == null) {
                throw new IllegalStateException("the list of disposable names is missing");
            }
            return parse(
                    "the shipped list",
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The shipped list and a host's own; the file need not be there.
    public static Set<String> with(Path file) {
        var names = new TreeSet<>(shipped());
        try {
            if (Files.exists(file)) {
                names.addAll(parse(file.toString(), Files.readAllLines(file)));
            }
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    file + " cannot be read: " + e.getMessage(),
                    "make it readable text, one file name a line.",
                    e);
        }
        return Set.copyOf(names);
    }

    /// Names of files in a folder that are neither disposable nor recognised as data: what a person
    /// may add to the list after looking at them. Changes nothing.
    public static List<String> propose(Path folder, Set<String> known) {
        return UnknownNames.in(folder, known);
    }

    private static Set<String> parse(String where, List<String> lines) {
        var names = new TreeSet<String>();
        for (int i = 0; i < lines.size(); i++) {
            String name = lines.get(i).replaceFirst("^#.*", "").strip();
            if (name.chars().anyMatch(c -> "/*?[]{}".indexOf(c) >= 0)) {
                throw new Problem(
                        ErrorCode.BAD_FILE,
                        "%s, line %d: '%s' is no plain file name".formatted(where, i + 1, name),
                        "write one name a line, without a path and without patterns.");
            }
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }
}
