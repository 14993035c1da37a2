package io.backstay.recovery.stream;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.RawEvent;
import io.backstay.binlog.RotateEvent;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.BinlogStream;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.Deployment;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.RecoveryTask;
import io.backstay.recovery.Throttle;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveLock;
import io.backstay.recovery.archive.GroupTracker;
import io.backstay.recovery.archive.store.StoreProblem;
import io.backstay.recovery.stream.StreamStatus.State;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows one cluster's binary log into its archive, from the archive's end on, on threads of its
/// own.
///
/// - One stream an archive at a time ([ArchiveLock]).
/// - What [#archiveEnd] tells is on disk; it lags the source by [#FORCE_EVERY] at most while the
///   disk keeps up.
/// - A source that goes away is waited for; [#follow] turns to another member, by GTID: what the
///   archive has is skipped, a gap fails the stream, never the archive.
///
/// Safe for use by several threads.
public final class Streamer implements AutoCloseable {
    /// Longest time between an event's arrival and its fsync.
    public static final Duration FORCE_EVERY = Duration.ofMillis(50);

    private static final Duration RETRY = Duration.ofMillis(300);

    private final StreamRequest request;
    private final RecoveryListener listener;
    private final Archive archive;
    private final ArchiveLock lock;
    private final Throttle throttle;
    private final long streamServerId = BinlogStream.newServerId();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread follower;
    private final Thread forcer;

    private final Object monitor = new Object();
    private ServerAddress source;
    private State state = State.CONNECTING;
    private GtidSet end;
    private @Nullable BinlogStream connection;
    private @Nullable OpenSegment open;
    private @Nullable BinlogPosition awaited;
    private @Nullable RuntimeException failure;
    private String trouble = "";
    private boolean isFailureTold;
    private boolean isStopping;
    private boolean isTurning;
    private boolean isRolling;
    private boolean isIdle;
    private long transactions;
    private long bytes;
    private long lastSeconds = -1;
    private int connects;

    private Streamer(
            StreamRequest request,
            RecoveryListener listener,
            Archive archive,
            ArchiveLock lock,
            GtidSet end) {
        this.request = request;
        this.listener = listener;
        this.archive = archive;
        this.lock = lock;
        throttle = Throttle.of(request.rate());
        this.end = end;
        source = request.source();
        follower = Thread.ofPlatform().name("stream-follow").unstarted(this::follow);
        forcer =
                Thread.ofPlatform()
                        .name("stream-force")
                        .daemon()
                        .unstarted(this::forceAgainAndAgain);
    }

    /// Takes up what a killed stream left and begins to follow.
    ///
    /// Errors: no archive, no base in it, another stream at work.
    public static Streamer start(StreamRequest request, RecoveryListener listener) {
        Archive archive = Archive.open(request.archive());
        if (request.mode() == BinlogStream.Mode.SEMI_SYNC && !archive.isWorkFolderDurable()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "--semi-sync with an archive in a bucket, or an encrypted one: what is not yet a closed segment is durable in %s only"
                            .formatted(archive.workFolder()),
                    "stream with --semi-sync into a folder on a disk that outlives the source, in the clear, or leave --semi-sync out.");
        }
        ArchiveLock lock = archive.lock("stream");
        try {
            OpenSegmentRecovery.runLocked(archive).ifPresent(listener::note);
            GtidSet end =
                    GtidSet.parse(
                            archive.end()
                                    .orElseThrow(
                                            () ->
                                                    new Problem(
                                                            ErrorCode.FAILED,
                                                            "archive "
                                                                    + archive.address()
                                                                    + " has no base to go on from",
                                                            "make one with `backstay backup --archive "
                                                                    + archive.address()
                                                                    + " --server "
                                                                    + request.source()
                                                                    + "`.")));
            var streamer = new Streamer(request, listener, archive, lock, end);
            streamer.follower.start();
            streamer.forcer.start();
            return streamer;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /// Position of what is durable in the archive; of MariaDB the last GTID of every domain.
    public GtidSet archiveEnd() {
        synchronized (monitor) {
            return end;
        }
    }

    public StreamStatus status() {
        synchronized (monitor) {
            long behind =
                    isIdle
                            ? 0
                            : lastSeconds < 0
                                    ? -1
                                    : Math.max(0, System.currentTimeMillis() / 1000 - lastSeconds);
            return new StreamStatus(
                    state,
                    source.toString(),
                    end,
                    transactions,
                    bytes,
                    behind,
                    Math.max(0, connects - 1),
                    trouble);
        }
    }

    /// Closes the open segment at the next end of a transaction, so that a restore sees all up to
    /// there while the stream goes on.
    ///
    /// @return whether it was done before the deadline; a source that is silent is noticed within
    ///   about two seconds
    public boolean roll(Duration deadline) throws InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        synchronized (monitor) {
            isRolling = open != null;
            while (isRolling) {
                long leftMillis = (until - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    return false;
                }
                monitor.wait(leftMillis);
            }
            return true;
        }
    }

    /// Turns to another member of the cluster, from the archive's end on.
    public void follow(ServerAddress newSource) {
        BinlogStream old;
        synchronized (monitor) {
            source = newSource;
            isTurning = true;
            old = connection;
            monitor.notifyAll();
        }
        if (old != null) {
            old.close();
        }
    }

    /// Returns when the stream has ended by itself. Errors: why it failed.
    public void awaitEnd() throws InterruptedException {
        ended.await();
        throwFailure();
    }

    /// Whether the stream has ended by itself within a time; [#awaitEnd()] then tells why.
    public boolean awaitEnded(Duration longest) throws InterruptedException {
        return ended.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Whether the archive has reached a state before the deadline.
    public boolean awaitEnd(GtidSet wanted, Duration deadline) throws InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        synchronized (monitor) {
            while (!end.covers(wanted)) {
                long leftMillis = (until - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0 || state == State.ENDED || state == State.FAILED) {
                    return false;
                }
                monitor.wait(leftMillis);
            }
            return true;
        }
    }

    /// Stops, closes the open segment into the archive and gives the archive free. Errors: why the
    /// stream had failed, once all that is done and if it was not told before.
    @Override
    public void close() {
        BinlogStream running;
        synchronized (monitor) {
            isStopping = true;
            running = connection;
            monitor.notifyAll();
        }
        if (running != null) {
            running.close();
        }
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }

    private void throwFailure() {
        synchronized (monitor) {
            if (failure != null && !isFailureTold) {
                isFailureTold = true;
                throw failure;
            }
        }
    }

    private void follow() {
        RuntimeException failed = null;
        try {
            followUntilEnd();
        } catch (RuntimeException e) {
            failed = e;
        }
        try {
            closeSegment();
        } catch (RuntimeException e) {
            failed = failed == null ? e : failed;
        }
        lock.close();
        synchronized (monitor) {
            failure = failed;
            state = failed == null ? State.ENDED : State.FAILED;
            trouble = failed == null ? "" : String.valueOf(failed.getMessage());
            monitor.notifyAll();
        }
        ended.countDown();
    }

    private void followUntilEnd() {
        long troubleSince = 0;
        while (true) {
            ServerAddress address;
            synchronized (monitor) {
                if (isStopping) {
                    return;
                }
                isTurning = false;
                address = source;
                state = State.CONNECTING;
            }
            try {
                long before = transactionsSoFar();
                boolean isAllRead = followOnce(address);
                if (isAllRead) {
                    return;
                }
                troubleSince = transactionsSoFar() > before ? 0 : troubleSince;
            } catch (Problem e) {
                if (!isWorthATry(e)) {
                    throw e;
                }
                long now = System.nanoTime();
                troubleSince = troubleSince == 0 ? now : troubleSince;
                tell(e);
                if (now - troubleSince > request.patience().toNanos()) {
                    throw e;
                }
            }
            closeSegment();
            pause(RETRY.toNanos());
        }
    }

    /// A source that is away, or that lacks what the archive has, may be back or catch up. What the
    /// archive's store could not do, it has tried long enough.
    private static boolean isWorthATry(Problem e) {
        return (e.code() == ErrorCode.ENVIRONMENT && !(e instanceof StoreProblem))
                || (e.getCause() instanceof java.sql.SQLException sql
                        && sql.getErrorCode() == 1236);
    }

    private void tell(Problem e) {
        String said = String.valueOf(e.getMessage());
        boolean isNew;
        synchronized (monitor) {
            isNew = !said.equals(trouble);
            trouble = said;
        }
        if (isNew) {
            listener.note(said);
        }
    }

    private long transactionsSoFar() {
        synchronized (monitor) {
            return transactions;
        }
    }

    /// Ends early when the stream stops or turns. Less than a millisecond is no pause.
    private void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        synchronized (monitor) {
            try {
                for (long leftMillis = nanos / 1_000_000;
                        leftMillis > 0 && !isStopping && !isTurning;
                        leftMillis = (until - System.nanoTime()) / 1_000_000) {
                    monitor.wait(leftMillis);
                }
            } catch (InterruptedException e) {
                isStopping = true;
                Thread.currentThread().interrupt();
            }
        }
    }

    /// @return whether all was read that the source had, where that is what was asked for
    private boolean followOnce(ServerAddress address) {
        long serverId;
        try (Server server = Server.connect(address)) {
            Deployment.requireOfItsOwn(server, "stream from");
            RecoveryTask.STREAM.require(server);
            serverId = Long.parseLong(server.requireValue("SELECT @@server_id"));
        }
        try (BinlogStream stream =
                BinlogStream.open(address, archiveEnd(), streamServerId, request.mode())) {
            synchronized (monitor) {
                if (isStopping || isTurning) {
                    return false;
                }
                connection = stream;
                connects++;
            }
            stream.run(new Receiver(serverId));
            synchronized (monitor) {
                return request.isUntilNow() && !isStopping && !isTurning;
            }
        } finally {
            synchronized (monitor) {
                connection = null;
                awaited = null;
                isIdle = false;
            }
        }
    }

    /// Closes the open segment; the archive's end is then what the manifest says.
    private void closeSegment() {
        OpenSegment segment;
        synchronized (monitor) {
            segment = open;
        }
        try {
            if (segment != null) {
                advance(segment.close());
            }
        } finally {
            synchronized (monitor) {
                open = null; // not before: what is in it is acknowledged once it is durable
            }
        }
        synchronized (monitor) {
            isRolling = false;
            monitor.notifyAll();
        }
    }

    private void advance(GtidSet durable) {
        synchronized (monitor) {
            end = end.and(durable).place();
            monitor.notifyAll();
        }
    }

    private void forceAgainAndAgain() {
        while (ended.getCount() > 0) {
            OpenSegment segment;
            BinlogPosition upTo;
            BinlogStream waiting;
            synchronized (monitor) {
                if (awaited == null) {
                    try {
                        monitor.wait(FORCE_EVERY.toMillis() / 2);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                segment = open;
                upTo = awaited;
                waiting = connection;
                awaited = null;
            }
            if (segment != null && !forceOne(segment)) {
                return;
            }
            if (upTo != null && waiting != null) {
                waiting.acknowledge(upTo);
            }
        }
    }

    private boolean forceOne(OpenSegment segment) {
        try {
            GtidSet durable = segment.forceIfDirty();
            if (durable != null) {
                advance(durable);
            }
            return true;
        } catch (RuntimeException e) {
            BinlogStream running;
            synchronized (monitor) {
                failure = e;
                isStopping = true;
                running = connection;
            }
            if (running != null) {
                running.close();
            }
            return false;
        }
    }

    /// One connection's events on their way into segments.
    private final class Receiver implements BinlogStream.Consumer {
        private final long serverId;
        private String file = "";
        private @Nullable RawEvent format;

        private Receiver(long serverId) {
            this.serverId = serverId;
        }

        @Override
        public void idle(BinlogPosition position) {
            synchronized (monitor) {
                isIdle = true;
                state = State.FOLLOWING;
                trouble = "";
                boolean isOld =
                        open != null
                                && open.transactions() > 0
                                && open.ageNanos() > request.segmentAge().toNanos();
                if (!isRolling && !isOld) {
                    return;
                }
            }
            // between two transactions: the source sends heartbeats only when all is sent
            closeSegment();
        }

        /// It was added, so it is in the open segment, or in one that was closed.
        @Override
        public void awaited(BinlogPosition upTo) {
            synchronized (monitor) {
                awaited = upTo;
                monitor.notifyAll();
            }
        }

        @Override
        public void event(RawEvent event) {
            EventType type = event.type();
            if (type == EventType.ROTATE) {
                var rotate = (RotateEvent) event.decode();
                if (!event.header().isArtificial()) {
                    add(event);
                }
                file = rotate.nextFile();
                closeSegment();
            } else if (type == EventType.FORMAT_DESCRIPTION) {
                closeSegment();
                format = event;
            } else if (!event.header().isArtificial()) {
                add(event);
            }
        }

        private void add(RawEvent event) {
            OpenSegment segment = segment(event);
            GroupTracker.Place place = segment.add(event);
            boolean isDone;
            synchronized (monitor) {
                state = State.FOLLOWING;
                trouble = "";
                isIdle = false;
                bytes += event.bytes().length;
                if (place == GroupTracker.Place.WHOLE) {
                    transactions += segment.takeNewTransactions();
                    lastSeconds = segment.lastSeconds();
                }
                isDone =
                        place == GroupTracker.Place.WHOLE
                                && segment.transactions() > 0
                                && (isRolling
                                        || segment.lengthBytes() > request.segmentBytes()
                                        || segment.ageNanos() > request.segmentAge().toNanos());
            }
            if (isDone) {
                closeSegment();
            }
            pause(throttle.waitNanos(event.bytes().length));
        }

        private OpenSegment segment(RawEvent event) {
            synchronized (monitor) {
                if (open != null) {
                    return open;
                }
            }
            if (format == null) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "the source sent " + event.type() + " before a format description",
                        "stream from another member.");
            }
            OpenSegment begun = OpenSegment.begin(archive, archiveEnd(), serverId, file, format);
            synchronized (monitor) {
                open = begun;
            }
            return begun;
        }
    }
}
