package io.backstay.lab;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The newest server version that ever opened a data directory, kept in the directory itself.
///
/// An older server opens a newer one's directory, takes writes and ruins it; it does not refuse by
/// itself. So the version is written down before each start, is never lowered, and an older server
/// is refused. Source: the file `backstay-opened-by`, one version, one line; besides the servers'
/// own `mysql_upgrade_info` and `mariadb_upgrade_info`, of which the newest counts.
final class OpenedBy {
    static final String MARKER = "backstay-opened-by";
    private static final List<String> TOLD_BY =
            List.of(MARKER, "mysql_upgrade_info", "mariadb_upgrade_info");

    private OpenedBy() {}

    /// Empty where nothing tells.
    static Optional<ServerVersion> find(Path dataDir) {
        return TOLD_BY.stream()
                .map(dataDir::resolve)
                .filter(Files::isRegularFile)
                .map(file -> ServerVersion.parse(Disk.readText(file).replace("\0", "")))
                .max(ServerVersion::compareTo);
    }

    /// Refuses an older server and a directory of unknown origin; notes a newer one durably.
    static void noteStart(Path dataDir, ServerVersion version) {
        ServerVersion last = find(dataDir).orElseThrow(() -> unknown(dataDir));
        if (version.compareTo(last) < 0) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "refused to start MariaDB %s on %s: it was opened by MariaDB %s, and an older server would damage it"
                            .formatted(version, dataDir, last),
                    "Start MariaDB %s or newer on it, or restore into an empty directory."
                            .formatted(last));
        }
        write(dataDir, version);
    }

    static void write(Path dataDir, ServerVersion version) {
        Disk.writeAtomically(dataDir.resolve(MARKER), version + "\n");
    }

    private static Problem unknown(Path dataDir) {
        return new Problem(
                ErrorCode.REFUSED,
                "refused to start a server on %s: expected a file %s that names the version that opened it last, found none"
                        .formatted(dataDir, MARKER),
                "Where the version is known for certain, write it there, such as: echo 10.11.5 > "
                        + dataDir.resolve(MARKER));
    }

    static boolean isEmpty(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
