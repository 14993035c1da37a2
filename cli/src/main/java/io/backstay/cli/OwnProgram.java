package io.backstay.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// This program, as it was started: with the same Java, options and classes it can be started once
/// more.
final class OwnProgram {
    private static final Set<String> MAIN = Set.of(Main.class.getName(), GuardMain.class.getName());

    /// Set in the process that looks.
    private static final String LOOKS_ITSELF = "backstay.look.itself";

    private OwnProgram() {}

    /// The words that start it anew as a process that looks for itself; its verb and options
    /// follow.
    ///
    /// @return empty in a process that looks for itself already, and where another program, such as
    ///   a test, uses this one's classes
    static Optional<List<String>> thatLooks() {
        if (Boolean.getBoolean(LOOKS_ITSELF)) {
            return Optional.empty();
        }
        try {
            String started =
                    Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
            var words = new ArrayList<String>();
            for (String word : started.split("\0")) {
                if (MAIN.contains(word)) {
                    words.set(0, Path.of(System.getProperty("java.home"), "bin/java").toString());
                    words.add("-D" + LOOKS_ITSELF + "=true");
                    words.add(word);
                    return Optional.of(words);
                }
                words.add(word);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // without /proc the look is blind in any process
        }
    }
}
