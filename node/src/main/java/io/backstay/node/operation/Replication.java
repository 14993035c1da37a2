package io.backstay.node.operation;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Following;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.ReplicationStatus;
import io.backstay.mysql.Server;
import io.backstay.node.host.Account;
import io.backstay.node.host.Member;
import java.time.Duration;
import java.util.Optional;

/// Replication on one MariaDB server, seen and set through SQL.
final class Replication {
    private static final Duration POLL = Duration.ofMillis(50);

    private Replication() {}

    /// What this server follows; empty if it is no replica.
    static Optional<ReplicationStatus.FollowedSource> source(Server session) {
        return ReplicationStatus.read(session).sources().stream().findFirst();
    }

    /// Follows a source from this server's own GTID position.
    static void follow(Server session, Member source, Account account) {
        Following.start(
                session, source.address(), source.port(), account.user(), account.password());
    }

    /// Waits until this server has applied everything up to a position, or says how far it got.
    static void awaitApplied(Server session, String gtidPosition, Duration deadline) {
        if (gtidPosition.isEmpty()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "cannot wait for an empty GTID position: it is no proof that nothing is missing",
                    "look at `SELECT @@gtid_binlog_pos` on the source.");
        }
        long end = System.nanoTime() + deadline.toNanos();
        boolean isApplied = false;
        // in slices: a stopped applier is told at once, not at the deadline
        while (!isApplied && System.nanoTime() < end) {
            isApplied =
                    session.requireValue(
                                    "SELECT MASTER_GTID_WAIT(%s, 0.5)"
                                            .formatted(Identifier.text(gtidPosition)))
                            .equals("0");
            if (!isApplied
                    && source(session)
                            .filter(status -> status.sqlState().equals("Yes"))
                            .isEmpty()) {
                break;
            }
        }
        if (!isApplied) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "not caught up within %d s: expected %s applied, found %s, replication %s"
                            .formatted(
                                    deadline.toSeconds(),
                                    gtidPosition,
                                    session.requireValue("SELECT @@gtid_slave_pos"),
                                    source(session).map(Object::toString).orElse("not configured")),
                    "see the server's log, and `SHOW REPLICA STATUS`.");
        }
    }

    /// Waits until both replication threads run; fails at once when one has stopped with an error.
    static void awaitRunning(Server session, Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            ReplicationStatus.FollowedSource now =
                    source(session)
                            .orElseThrow(
                                    () ->
                                            new Problem(
                                                    ErrorCode.FAILED,
                                                    "replication is not configured: expected a source, found none",
                                                    "join the member again."));
            if (now.isRunning()) {
                return;
            }
            if (System.nanoTime() > end || now.sqlState().equals("No")) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "replication does not run: expected both threads at work, found receiver %s, applier %s: %s"
                                .formatted(
                                        now.ioState(),
                                        now.sqlState(),
                                        now.lastIoError() + now.lastSqlError()),
                        "see `SHOW REPLICA STATUS` on this member.");
            }
            Thread.sleep(POLL);
        }
    }

    /// Fails as soon as a thread stops within the window.
    static void watchRunning(Server session, Duration window) throws InterruptedException {
        long end = System.nanoTime() + window.toNanos();
        while (System.nanoTime() < end) {
            awaitRunning(session, Duration.ofSeconds(5));
            Thread.sleep(POLL);
        }
    }
}
