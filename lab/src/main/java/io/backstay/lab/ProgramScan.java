package io.backstay.lab;

import io.backstay.doors.Disk;
import io.backstay.doors.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds a process of this machine by its program and one whole argument, both exact.
///
/// Source: proc(5), `exe` and `cmdline`. Processes of other users that cannot be looked at are not
/// this run's.
final class ProgramScan {
    private ProgramScan() {}

    static Optional<ProcessIdentity> find(Path program, String argument) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process :
                    (Iterable<Path>)
                            processes.filter(path -> isPid(path.getFileName().toString()))
                                    ::iterator) {
                long pid = Long.parseLong(process.getFileName().toString());
                // identity first: if the pid were used again in between, the later look would fail
                Optional<ProcessIdentity> identity = ProcessIdentity.of(pid);
                if (identity.isPresent()
                        && isRunning(process, program, argument)
                        && identity.get().isAlive()) {
                    return identity;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRunning(Path process, Path program, String argument) {
        try {
            return Files.isSameFile(
                            process.resolve("exe"), program) // the program may be reached by a link
                    && List.of(Disk.readText(process.resolve("cmdline")).split("\0"))
                            .contains(argument);
        } catch (IOException | UncheckedIOException _) {
            // it has ended, or belongs to another user
            return false;
        }
    }

    private static boolean isPid(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
