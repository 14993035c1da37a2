package io.backstay.recovery.physical;

import io.backstay.doors.Commands;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `mariadb-backup --prepare` on a copy of a backup: what was written while it was taken becomes
/// part of it.
final class Preparing {
    private static final Pattern BASED_ON = Pattern.compile("(\\d+\\.\\d+\\.\\d+-MariaDB)");

    private Preparing() {}

    /// Errors: no tool of the backup's series here; the tool's own word when it fails.
    static void run(Path copy, ServerVersion version, List<String> options) {
        Path tool = onPath().orElseThrow(() -> lacks("no mariadb-backup is on the PATH"));
        Commands.Result said =
                Commands.run(List.of(tool.toString(), "--version"), null, Duration.ofMinutes(1));
        Matcher found = BASED_ON.matcher(said.out() + said.err());
        String text = found.find() ? found.group(1) : "an unknown version";
        boolean isOfSeries =
                !text.startsWith("an ")
                        && ServerVersion.parse(text).major() == version.major()
                        && ServerVersion.parse(text).minor() == version.minor();
        if (!isOfSeries) {
            throw lacks("the backup is of %s, and %s is of %s".formatted(version, tool, text));
        }
        ToolNotes.rewriteOptions(copy, options);
        var command =
                new ArrayList<String>(
                        List.of(
                                tool.toString(),
                                "--no-defaults",
                                "--prepare",
                                "--target-dir=" + copy));
        // which the tool does not take from the folder itself
        command.addAll(options);
        Commands.Result done = Commands.run(command, null, Duration.ofHours(12));
        if (done.exit() != 0 || done.timedOut()) {
            List<String> lines = done.err().lines().filter(l -> !l.isBlank()).toList();
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "mariadb-backup --prepare failed with exit code %d: %s"
                            .formatted(done.exit(), lines.isEmpty() ? "no word" : lines.getLast()),
                    "the backup may be damaged or not whole: run that on a copy of it by hand, or take a new one.");
        }
    }

    private static Problem lacks(String why) {
        return new Problem(
                ErrorCode.ENVIRONMENT,
                "the backup is not prepared yet, and cannot be here: " + why,
                "prepare it where it was taken: `mariadb-backup --prepare --target-dir=DIR`; or install that version's"
                        + " mariadb-backup here.");
    }

    private static Optional<Path> onPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, "mariadb-backup");
            if (Files.isExecutable(file) && Files.isRegularFile(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
