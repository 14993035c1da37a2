package io.backstay.cli.drill;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.backup.BackupResult;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import io.backstay.recovery.restore.Until;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The fleet's archives: a base each, and the log streamed after it, from whoever is the source.
final class ArchiveDesk implements AutoCloseable {
    private static final int THREADS = 2;

    /// Short segments: a restore reads closed ones only, and a joining member fetches the rest from
    /// its source.
    private static final long SEGMENT_BYTES = 8L << 20;

    private final Path replicationPassword;
    private final Map<String, Streamer> streams = new HashMap<>();

    /// @param replicationPassword file with the password of the replication account
    ArchiveDesk(Path replicationPassword) {
        this.replicationPassword = replicationPassword;
    }

    BackupResult backUp(EmbeddedCluster cluster, EmbeddedHost from) {
        return Backup.run(
                new BackupRequest(cluster.archive(), from.server().address(), THREADS),
                RecoveryListener.silent());
    }

    /// Base and log.
    RestoreResult restore(EmbeddedCluster cluster, ServerAddress target) {
        return Restore.run(RestoreRequest.of(cluster.archive(), target), RecoveryListener.silent());
    }

    /// The base alone, for measuring what the log adds.
    RestoreResult restoreBase(EmbeddedCluster cluster, ServerAddress target) {
        return Restore.run(
                new RestoreRequest(cluster.archive(), target, new Until.End(), THREADS, true, true),
                RecoveryListener.silent());
    }

    /// Follows this source from the archive's end on; turns to it if another was followed.
    synchronized void stream(EmbeddedCluster cluster, EmbeddedHost source) {
        ServerAddress address =
                new ServerAddress(
                        source.database().replication().user(),
                        source.place().address(),
                        source.place().port(),
                        Optional.empty(),
                        Optional.of(replicationPassword));
        Streamer running = streams.get(cluster.name());
        if (running != null) {
            running.follow(address);
        } else {
            streams.put(
                    cluster.name(),
                    Streamer.start(
                            StreamRequest.of(cluster.archive(), address)
                                    .withSegmentBytes(SEGMENT_BYTES),
                            RecoveryListener.silent()));
        }
    }

    /// Waits until the archive has all that the source has now.
    Duration awaitCaughtUp(EmbeddedCluster cluster, EmbeddedHost source, Duration deadline)
            throws InterruptedException {
        MariaDbGtidState wanted;
        try (Server session = source.server().connect()) {
            wanted = MariaDbGtidState.parse(session.requireValue("SELECT @@gtid_binlog_pos"));
        }
        long started = System.nanoTime();
        if (!stream(cluster).awaitEnd(wanted, deadline)) {
            throw new IllegalStateException(
                    "the archive of %s did not reach %s within %d s: %s"
                            .formatted(
                                    cluster.name(),
                                    wanted,
                                    deadline.toSeconds(),
                                    stream(cluster).status()));
        }
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /// Closes the open segment into the archive.
    ///
    /// @return what is durable in it then; empty if nothing was streamed
    synchronized Optional<MariaDbGtidState> stop(EmbeddedCluster cluster) {
        Streamer running = streams.remove(cluster.name());
        if (running == null) {
            return Optional.empty();
        }
        running.close();
        // the drill's servers are MariaDB's
        return Optional.of((MariaDbGtidState) running.archiveEnd());
    }

    private synchronized Streamer stream(EmbeddedCluster cluster) {
        Streamer running = streams.get(cluster.name());
        if (running == null) {
            throw new IllegalStateException(
                    "the log of %s is not streamed".formatted(cluster.name()));
        }
        return running;
    }

    @Override
    public synchronized void close() {
        streams.values().forEach(Streamer::close);
        streams.clear();
    }
}
