package io.backstay.guard.retire;

import io.backstay.binlog.MariaDbGtidState;
import java.time.Duration;
import java.util.List;

/// A window in which nothing may happen on a fenced server: nobody connected, nobody connecting,
/// nothing written.
///
/// A client that is still there gets as long as the window to leave; a write ends the watch at
/// once. Polls: a session that comes and goes in between is seen by the server's own counter.
final class Watch {
    private static final Duration POLL = Duration.ofMillis(200);

    private Watch() {}

    /// @param end of the log, as it was fenced
    /// @return why it was not quiet; empty if it was, for the whole window
    static List<String> fenced(OwnServer own, MariaDbGtidState end, Duration window) {
        long changed = own.rowsChanged();
        long connections = own.connections();
        long now = System.nanoTime();
        long deadline = now + 2 * window.toNanos();
        long quietSince = now;
        List<String> noise = List.of();
        while (now - quietSince < window.toNanos()) {
            List<String> written = written(own, end, changed);
            if (!written.isEmpty()) {
                return written;
            }
            List<String> others = own.others();
            long opened = own.connections() - connections;
            now = System.nanoTime();
            if (!others.isEmpty()) {
                noise = List.of("clients are connected: " + String.join(", ", others));
                quietSince = now;
            } else if (opened > 0) {
                noise = List.of("clients came and went meanwhile: %d sessions".formatted(opened));
                quietSince = now;
            }
            connections += opened;
            if (now > deadline) {
                return noise.isEmpty() ? List.of("it was never quiet for " + window) : noise;
            }
            pause();
        }
        return List.of();
    }

    private static List<String> written(OwnServer own, MariaDbGtidState end, long changed) {
        MariaDbGtidState found = own.state();
        if (!found.equals(end)) {
            return List.of(
                    "it was written to although it is fenced: its log ended at %s, and now at %s"
                            .formatted(end, found));
        }
        if (own.rowsChanged() != changed) {
            return List.of(
                    "it was written to although it is fenced: %d rows, and none of them in its log"
                            .formatted(own.rowsChanged() - changed));
        }
        if (!own.isReadOnly() || !own.replicating().isEmpty()) {
            return List.of("somebody opened it again: read_only or replication was set back");
        }
        return List.of();
    }

    static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while watching", e);
        }
    }
}
