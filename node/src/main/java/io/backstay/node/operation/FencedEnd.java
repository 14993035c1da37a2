package io.backstay.node.operation;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Disk;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The `gtid_binlog_state` that was noted while the server was fenced, before it was stopped.
///
/// The guard holds the stopped data's own log against it: equal, or something was written in
/// between.
public final class FencedEnd {
    private FencedEnd() {}

    /// Notes the end of a server that runs on its data directory, after it was fenced.
    static void note(DatabaseHost host, Server fenced) {
        Disk.writeAtomically(
                file(host, host.folders().data()),
                fenced.requireValue("SELECT @@gtid_binlog_state"));
    }

    /// @param dataDir wherever it was renamed to since
    /// @return empty if the server of this directory was never stopped by its agent
    public static Optional<MariaDbGtidState> find(DatabaseHost host, Path dataDir) {
        Path file = file(host, dataDir);
        return Files.exists(file)
                ? Optional.of(MariaDbGtidState.parse(Disk.readText(file)))
                : Optional.empty();
    }

    /// By inode: a rename within the host keeps it.
    private static Path file(DatabaseHost host, Path dataDir) {
        try {
            return host.stateFolder()
                    .resolve("fenced-end." + Files.getAttribute(dataDir, "unix:ino"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
