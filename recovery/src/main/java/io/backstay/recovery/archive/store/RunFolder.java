package io.backstay.recovery.archive.store;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A folder `run-PID-START-NAMESPACE-BOOT` for what only this process needs: parts on their way,
/// copies.
///
/// It is deleted when the process ends; those of processes that were killed go when the next one
/// makes its own. The four are those of [WriterIdentity].
public final class RunFolder {
    private static final Pattern NAME = Pattern.compile("run-(\\d+)-(\\d+)-(\\d+)-(.+)");
    private static final Map<Path, Path> OWN = new ConcurrentHashMap<>();

    private RunFolder() {}

    /// The one of this process in a work folder; made if it is not there.
    public static Path in(Path workFolder) {
        return OWN.computeIfAbsent(workFolder, RunFolder::make);
    }

    /// Where work folders are that nobody has named.
    static Path home() {
        return Path.of(System.getProperty("user.home", "/tmp"), ".backstay", "spool");
    }

    /// A folder's name for one address: a word for people, a digest for the rest.
    static String nameFor(String word, String address) {
        return word + "-" + Disk.sha256(address.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
    }

    private static Path make(Path workFolder) {
        WriterIdentity self = WriterIdentity.own();
        Disk.folder(workFolder);
        sweep(workFolder);
        Path own =
                Disk.folder(
                        workFolder.resolve(
                                "run-%d-%d-%d-%s"
                                        .formatted(
                                                self.pid(),
                                                self.startTicks(),
                                                self.pidNamespace(),
                                                self.bootId())));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Disk.deleteTree(own), "run-folder"));
        return own;
    }

    private static void sweep(Path workFolder) {
        try (var entries = Files.list(workFolder)) {
            entries.filter(entry -> owner(entry).filter(WriterIdentity::isGone).isPresent())
                    .forEach(Disk::deleteTree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<WriterIdentity> owner(Path entry) {
        Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
        return name.matches()
                ? Optional.of(
                        new WriterIdentity(
                                "here",
                                name.group(4),
                                Long.parseLong(name.group(3)),
                                Long.parseLong(name.group(1)),
                                Long.parseLong(name.group(2))))
                : Optional.empty();
    }
}
