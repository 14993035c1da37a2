package io.backstay.node.host;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where one host keeps what.
///
/// | Name | Is |
/// | --- | --- |
/// | `data` | the data directory, the target of every guarded operation |
/// | `data.aside` | the data directory before an upgrade, kept until the upgrade is verified |
/// | `data.discarded-N` | a new data directory that was backed out |
/// | `data.new` | `data` was laid down by a change that is not finished; says whether to its end |
/// | `run` | socket, log, run file |
///
/// @param host the host's folder
public record HostFolders(Path host) {
    private static final String INITIALISED = "initialised\n";

    public Path data() {
        return host.resolve("data");
    }

    public Path aside() {
        return host.resolve("data.aside");
    }

    /// A name for the next data directory that is backed out; none that exists is used again.
    public Path nextDiscarded() {
        for (int i = 1; ; i++) {
            Path candidate = host.resolve("data.discarded-" + i);
            if (!Files.exists(candidate)) {
                return candidate;
            }
        }
    }

    /// Data directories that were backed out and not dropped yet.
    public List<Path> discarded() {
        try (Stream<Path> entries = Files.list(host)) {
            return entries.filter(
                            entry -> entry.getFileName().toString().startsWith("data.discarded-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Written before a change lays down a new data directory: what it says is new may be begun
    /// again after a crash.
    public void markNew() {
        Disk.writeAtomically(host.resolve("data.new"), "");
    }

    public boolean isMarkedNew() {
        return Files.exists(host.resolve("data.new"));
    }

    /// Says in the mark that the new data directory has its system tables.
    public void markInitialised() {
        Disk.writeAtomically(host.resolve("data.new"), INITIALISED);
    }

    /// Whether the new data directory was laid down to its end.
    public boolean isInitialised() {
        return isMarkedNew() && Disk.readText(host.resolve("data.new")).equals(INITIALISED);
    }

    public void unmarkNew() {
        try {
            Files.deleteIfExists(host.resolve("data.new"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path run() {
        return host.resolve("run");
    }
}
