package io.backstay.lab;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// An application: some sessions that write to one address all the time, and remember what they
/// were told.
///
/// - Each transaction inserts one row into `shop.journal` with an id that no other has or had.
/// - A write counts as acknowledged only after its COMMIT returned; with a COMMIT that failed in
///   whatever way its outcome counts as unknown.
/// - A session that lost its connection connects again. It never catches up on what it missed.
///
/// Safe for use by several threads.
public final class Traffic implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofMillis(50);
    private static final Duration HELD_AT_MOST = Duration.ofSeconds(60);
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(20);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

    private final TrafficSettings settings;
    private final CommitRecords records;
    private final AtomicLong lastId;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final Gate gate = new Gate();

    private Traffic(TrafficSettings settings, CommitRecords records) {
        this.settings = settings;
        this.records = records;
        Instant now = Instant.now();
        // above all ids of earlier runs, also of those that left no record
        long epochMicros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        this.lastId = new AtomicLong(Math.max(records.idMax() + 1_000_000, epochMicros));
    }

    /// Starts the sessions. Records of an earlier run in the same folder are continued.
    public static Traffic start(TrafficSettings settings) {
        Traffic traffic = new Traffic(settings, CommitRecords.open(settings.folder()));
        for (int session = 0; session < settings.sessions(); session++) {
            int number = session;
            traffic.threads.add(
                    Thread.ofVirtual()
                            .name("traffic " + settings.address() + " " + number)
                            .start(() -> traffic.runSession(number)));
        }
        return traffic;
    }

    /// Returns when no transaction is under way; none begins until [#resume].
    public void pause() {
        gate.close();
    }

    public void resume() {
        gate.open();
    }

    /// Ends all sessions, each after its transaction, and closes the records. A failure of the
    /// recording itself is thrown here.
    public void stop() {
        gate.end();
        try {
            long endNanos = System.nanoTime() + STOP_PATIENCE.toNanos();
            for (Thread thread : threads) {
                thread.join(Duration.ofNanos(Math.max(1_000_000, endNanos - System.nanoTime())));
                thread.interrupt();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping traffic", e);
        } finally {
            records.close();
        }
        requireHealthy();
    }

    @Override
    public void close() {
        stop();
    }

    /// Recorded so far; see [CommitRecords].
    public List<AcknowledgedCommit> acknowledged() {
        requireHealthy();
        return records.acknowledged();
    }

    public int acknowledgedCount() {
        requireHealthy();
        return records.acknowledgedCount();
    }

    /// Ids whose outcome nobody knows.
    public List<Long> unknown() {
        return records.unknown();
    }

    public List<TrafficError> errors() {
        return records.errors();
    }

    /// The longest time without an acknowledged commit from then until now, pauses included.
    public Duration stallSince(Instant from) {
        return Throughput.longestStall(acknowledged(), from, Instant.now());
    }

    /// Acknowledged commits in equal stretches of time, those with none included.
    public List<Throughput.Stretch> throughput(Duration length) {
        return Throughput.of(acknowledged(), length);
    }

    /// A [Problem] if fewer than `commits` more are acknowledged before the deadline.
    public void awaitCommits(int commits, Duration deadline) {
        int from = acknowledgedCount();
        if (!Await.until(
                deadline, Duration.ofMillis(10), () -> acknowledgedCount() >= from + commits)) {
            List<TrafficError> errors = errors();
            throw new Problem(
                    ErrorCode.FAILED,
                    "traffic at %s:%d: expected %d commits within %d ms, found %d, last error: %s"
                            .formatted(
                                    settings.address(),
                                    settings.port(),
                                    commits,
                                    deadline.toMillis(),
                                    acknowledgedCount() - from,
                                    errors.isEmpty() ? "none" : errors.getLast()),
                    "See " + settings.folder().resolve("errors.jsonl"));
        }
    }

    private void requireHealthy() {
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a traffic session failed", failed);
        }
    }

    private void runSession(int session) {
        try {
            ShopWork work = new ShopWork(session, settings.sessions(), settings.seed());
            while (!gate.isOver()) {
                connectAndWork(session, work);
            }
        } catch (RuntimeException e) {
            if (!gate.isOver()) {
                failure.compareAndSet(null, e);
            }
        }
    }

    private void connectAndWork(int session, ShopWork work) {
        try (Connection connection =
                Sessions.open(
                        settings.address(),
                        settings.port(),
                        settings.user(),
                        settings.password(),
                        HELD_AT_MOST,
                        ANSWER_AT_MOST)) {
            work.begin(connection);
            repeat(session, work, connection);
        } catch (SQLException e) {
            if (!gate.isOver()) {
                record(session, "connect", e);
                Await.pause(RETRY_AFTER);
            }
        }
    }

    private void repeat(int session, ShopWork work, Connection connection) throws SQLException {
        long intervalNanos = (long) (1e9 * settings.sessions() / settings.transactionsPerSecond());
        long nextNanos = System.nanoTime() + intervalNanos * session / settings.sessions();
        while (true) {
            long waitNanos = nextNanos - System.nanoTime();
            if (waitNanos > 0) {
                Await.pause(Duration.ofNanos(waitNanos));
            }
            nextNanos = Math.max(nextNanos + intervalNanos, System.nanoTime());
            if (!gate.enter()) {
                return;
            }
            try {
                if (!transact(session, work, connection)) {
                    return;
                }
            } finally {
                gate.leave();
            }
        }
    }

    /// False if the connection is of no more use.
    private boolean transact(int session, ShopWork work, Connection connection)
            throws SQLException {
        long id = lastId.incrementAndGet();
        try {
            work.run(connection, id);
        } catch (SQLException e) {
            record(session, "transaction", e);
            Await.pause(RETRY_AFTER);
            return rollBack(connection);
        }
        records.intended(id);
        try {
            connection.commit();
        } catch (SQLException e) {
            records.unknown(id, Instant.now());
            record(session, "commit", e);
            return false;
        }
        Instant at = Instant.now();
        work.acknowledged();
        String gtid = "";
        try {
            gtid = Sql.string(connection, "select @@last_gtid");
        } catch (SQLException e) {
            record(session, "last_gtid", e);
        }
        records.acknowledged(new AcknowledgedCommit(id, gtid, at));
        return !gtid.isEmpty();
    }

    private static boolean rollBack(Connection connection) {
        try {
            connection.rollback();
            return connection.isValid(5);
        } catch (SQLException _) {
            // the error that led here is recorded; this one says the same
            return false;
        }
    }

    private void record(int session, String during, SQLException e) {
        records.error(
                new TrafficError(
                        Instant.now(),
                        session,
                        during,
                        e.getSQLState() == null ? "" : e.getSQLState(),
                        e.getErrorCode(),
                        String.valueOf(e.getMessage())));
    }
}
