package io.backstay.lab;

import io.backstay.doors.Commands;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's program that fits a data directory: of the same series, and not older.
///
/// @param options that it needs to find its own files
public record CopyProgram(Path program, ServerVersion version, List<String> options) {
    private static final Pattern SAID = Pattern.compile("Ver (\\d+\\.\\d+\\.\\d+)-MariaDB");
    private static final List<String> EMBEDDED = List.of("10.11.5", "11.4.5");

    /// Of the one given, or of those on this machine and those that are fetched, the oldest that
    /// fits. Errors: none does.
    ///
    /// @param given the only one that is asked, if there is one
    public static CopyProgram require(ServerVersion wanted, Optional<Path> given, Path home) {
        var found = new ArrayList<CopyProgram>();
        if (given.isPresent()) {
            found.add(installed(given.get()).orElseThrow(() -> isNone(given.get())));
        } else {
            onThisMachine().flatMap(CopyProgram::installed).ifPresent(found::add);
            EMBEDDED.stream()
                    .filter(version -> fits(ServerVersion.parse(version), wanted))
                    .map(version -> embedded(version, home))
                    .forEach(found::add);
        }
        return found.stream()
                .filter(program -> fits(program.version, wanted))
                .min(Comparator.comparing(CopyProgram::version))
                .orElseThrow(() -> noneFits(wanted, found));
    }

    private static boolean fits(ServerVersion version, ServerVersion wanted) {
        return version.major() == wanted.major()
                && version.minor() == wanted.minor()
                && version.compareTo(wanted) >= 0;
    }

    private static CopyProgram embedded(String version, Path home) {
        ServerBinaries binaries = ServerBinaries.require(version, home);
        return new CopyProgram(
                binaries.mariadbd(),
                binaries.version(),
                List.of(
                        "--basedir=" + binaries.folder(),
                        "--lc-messages-dir=" + binaries.share(),
                        "--character-sets-dir=" + binaries.share().resolve("charsets")));
    }

    private static Optional<CopyProgram> installed(Path program) {
        Commands.Result said =
                Commands.run(
                        List.of(program.toString(), "--no-defaults", "--version"),
                        null,
                        Duration.ofMinutes(1));
        Matcher matcher = SAID.matcher(said.out());
        return matcher.find()
                ? Optional.of(
                        new CopyProgram(program, ServerVersion.parse(matcher.group(1)), List.of()))
                : Optional.empty();
    }

    private static Optional<Path> onThisMachine() {
        var folders = new ArrayList<String>();
        folders.addAll(
                List.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1)));
        folders.add("/usr/sbin");
        return folders.stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "mariadbd"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static Problem isNone(Path program) {
        return new Problem(
                ErrorCode.USAGE,
                program + " does not say that it is a server of MariaDB",
                "give the program mariadbd.");
    }

    private static Problem noneFits(ServerVersion wanted, List<CopyProgram> found) {
        return new Problem(
                ErrorCode.ENVIRONMENT,
                "no server to start on a data directory of %s: expected %d.%d.%d or a later one of that series, found %s"
                        .formatted(
                                wanted,
                                wanted.major(),
                                wanted.minor(),
                                wanted.patch(),
                                found.isEmpty()
                                        ? "none"
                                        : String.join(
                                                ", ",
                                                found.stream()
                                                        .map(p -> p.program + " " + p.version)
                                                        .toList())),
                "install that version's server and name its program: --mariadbd PATH.");
    }
}
