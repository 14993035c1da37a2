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
/// | `data.unserved-N` | a new data directory that was backed out before its server ever answered: it holds nothing but what its initialisation wrote, and may be removed by hand |
/// | `.backstay-*` | what a guard holds, or what was left by one that was killed |
/// | `data.new` | `data` was laid down by a change that is not finished; says how far |
/// | `run` | socket, log, run file |
///
/// @param host the host's folder
public record HostFolders(Path host) {
    private static final String INITIALISED = "initialised\n";
    private static final String SERVED = "served\n";
    private static final String DISCARDED = "data.discarded-";

    public Path data() {
        return host.resolve("data");
    }

    public Path aside() {
        return host.resolve("data.aside");
    }

    /// A name for the next data directory that is backed out; none that exists is used again.
    public Path nextDiscarded() {
        return next(DISCARDED);
    }

    /// As [#nextDiscarded], for one whose server never answered.
    public Path nextUnserved() {
        return next("data.unserved-");
    }

    private Path next(String prefix) {
        for (int i = 1; ; i++) {
            Path candidate = host.resolve(prefix + i);
            if (!Files.exists(candidate)) {
                return candidate;
            }
        }
    }

    /// Data directories that were backed out and not dropped yet.
    public List<Path> discarded() {
        return startingWith(DISCARDED);
    }

    /// Directories under a name that only a guard gives.
    public List<Path> held() {
        return startingWith(".backstay-");
    }

    private List<Path> startingWith(String prefix) {
        try (Stream<Path> entries = Files.list(host)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(prefix))
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
        return isMarkedNew()
                && (Disk.readText(host.resolve("data.new")).equals(INITIALISED) || isServed());
    }

    /// Says in the mark that a server has answered on the new data directory: from now on there may
    /// be something in it that is nowhere else.
    public void markServed() {
        Disk.writeAtomically(host.resolve("data.new"), SERVED);
    }

    /// Whether a server may have taken anything on the new data directory.
    public boolean isServed() {
        return isMarkedNew() && Disk.readText(host.resolve("data.new")).equals(SERVED);
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
