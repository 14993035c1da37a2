package io.backstay.guard.retire;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a running server was started, read from the kernel: so it can be started again.
///
/// @param unit of systemd, as in `mariadb.service`; empty text if it does not run in one
/// @param words program and arguments; the environment is not kept, as it may hold secrets
public record StartCommand(String unit, List<String> words, String folder, int uid, int gid) {
    private static final Pattern SERVICE = Pattern.compile("0::/.*?([^/]+\\.service)(/.*)?");
    private static final Path SYSTEMD = Path.of("/run/systemd/system");

    public StartCommand {
        words = List.copyOf(words);
    }

    /// Source: proc(5), `cmdline`, `exe`, `cwd`, `cgroup`.
    public static StartCommand of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String[] words =
                    Files.readString(process.resolve("cmdline"), StandardCharsets.UTF_8)
                            .split("\0", -1);
            var command = new java.util.ArrayList<>(List.of(words).subList(0, words.length - 1));
            // the first word is only a name: the program is what the kernel says
            if (!command.getFirst().startsWith("/")) {
                command.set(0, Files.readSymbolicLink(process.resolve("exe")).toString());
            }
            return new StartCommand(
                    Files.isDirectory(SYSTEMD)
                            ? unit(Files.readString(process.resolve("cgroup"))).orElse("")
                            : "",
                    command,
                    Files.readSymbolicLink(process.resolve("cwd")).toString(),
                    (Integer) Files.getAttribute(process, "unix:uid"),
                    (Integer) Files.getAttribute(process, "unix:gid"));
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "how process %d was started cannot be read: %s".formatted(pid, e.getMessage()),
                    "run as root, outside of a container.",
                    e);
        }
    }

    /// The service that a process belongs to, by the text of its `cgroup` file (version 2).
    static Optional<String> unit(String cgroup) {
        return cgroup.lines()
                .map(SERVICE::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .findFirst();
    }
}
