package io.backstay.mysql;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.ChecksumAlgorithm;
import io.backstay.binlog.FormatDescriptionEvent;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.binlog.RawEvent;
import io.backstay.binlog.RotateEvent;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.client.Client;

/// The binary log of a running server, followed as a replica follows it: from a GTID state on,
/// event by event.
///
/// ```
/// try (var stream = BinlogStream.open(address, after, BinlogStream.newServerId(), Mode.FOLLOW)) {
///     stream.run(consumer);
/// }
/// ```
///
/// [#run] belongs to one thread; [#close] may come from any and ends it within moments. Needs the
/// REPLICATION SLAVE privilege.
public final class BinlogStream implements AutoCloseable {
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /// A source that is silent for so long, without a heartbeat, is gone.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

    /// When a stream ends by itself.
    public enum Mode {
        /// Never: it waits for more.
        FOLLOW,
        /// When all is read that the source has at that moment.
        UNTIL_NOW,
        /// Never, and the source's commits wait until [#acknowledge] tells it that they have
        /// arrived.
        SEMI_SYNC
    }

    /// Takes the events in order.
    public interface Consumer {
        /// @param event verified; heartbeats are not among them, events that the server made up
        ///   ([io.backstay.binlog.EventHeader#isArtificial]: a rotate first of all, and a format
        ///   description when it starts in the middle of a file) are
        void event(RawEvent event);

        /// Nothing was there to send for a while.
        ///
        /// @param source up to where the source has sent its log
        default void idle(BinlogPosition source) {}

        /// The source waits for [#acknowledge] of at least this place ([Mode#SEMI_SYNC]).
        ///
        /// @param upTo behind the event that came last
        default void awaited(BinlogPosition upTo) {}
    }

    private final Server server;
    private final GtidSet after;
    private final long serverId;
    private final Mode mode;
    private volatile boolean isClosed;
    private volatile @Nullable BinlogDump dump;

    private BinlogStream(Server server, GtidSet after, long serverId, Mode mode) {
        this.server = server;
        this.after = after;
        this.serverId = serverId;
        this.mode = mode;
    }

    /// A number for a stream that is very likely no other replica's: two replicas of one number
    /// throw each other out.
    public static long newServerId() {
        return 0x8000_0000L | new SecureRandom().nextInt(Integer.MAX_VALUE);
    }

    /// Logs in and tells the source where to begin. Nothing is sent before [#run].
    ///
    /// @param after what the receiver has; the first event group is the one behind it in each
    ///   domain. Empty asks for the whole log from its very first transaction
    /// @param serverId not 0, and no other replica's of that source
    public static BinlogStream open(ServerAddress source, GtidSet after, long serverId, Mode mode) {
        if (serverId <= 0 || serverId > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("not a server id: " + serverId);
        }
        Server server = Server.connect(source);
        try {
            switch (server.version().flavour()) {
                case MARIADB -> prepareMariaDb(server, after);
                case MYSQL -> prepareMySql(server);
            }
            server.execute("SET NET_READ_TIMEOUT = 3600, NET_WRITE_TIMEOUT = 3600");
            if (mode == Mode.SEMI_SYNC) {
                requireWaiting(server);
                // one name of today, one of servers before MySQL 8.0.26 and of MariaDB
                server.execute("SET @rpl_semi_sync_replica = 1, @rpl_semi_sync_slave = 1");
            }
            return new BinlogStream(server, after, serverId, mode);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static void prepareMariaDb(Server server, GtidSet after) {
        server.execute("SET @mariadb_slave_capability = 4");
        server.execute("SET @master_binlog_checksum = @@GLOBAL.binlog_checksum");
        server.execute("SET @master_heartbeat_period = " + HEARTBEAT.toNanos());
        server.execute("SET @slave_connect_state = '" + after.place() + "'");
        server.execute("SET @slave_gtid_strict_mode = 1");
        server.execute("SET @slave_gtid_ignore_duplicates = 0");
    }

    private static void prepareMySql(Server server) {
        String gtids = server.findVariable("gtid_mode").orElse("not there");
        if (!gtids.equals("ON")) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "%s gives its transactions no GTIDs: gtid_mode is %s"
                            .formatted(server.address(), gtids),
                    "set gtid_mode=ON and enforce_gtid_consistency=ON there, then take a new base with `backstay"
                            + " backup`.");
        }
        // older servers know the old names only, newer ones both
        for (String role : List.of("master", "source")) {
            server.execute("SET @%s_binlog_checksum = @@GLOBAL.binlog_checksum".formatted(role));
            server.execute("SET @%s_heartbeat_period = %d".formatted(role, HEARTBEAT.toNanos()));
        }
    }

    private static void requireWaiting(Server server) {
        String name = "rpl_semi_sync_master_enabled";
        Optional<String> isOn = server.findVariable(name);
        if (isOn.isEmpty() && server.version().flavour() == Flavour.MYSQL) {
            name = "rpl_semi_sync_source_enabled";
            isOn = server.findVariable(name);
        }
        if (!isOn.orElse("").equals("ON")) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "%s waits for no acknowledgement: %s is %s"
                            .formatted(server.address(), name, isOn.orElse("not there")),
                    (isOn.isEmpty()
                                    ? "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so' and "
                                    : "")
                            + "SET GLOBAL "
                            + name
                            + " = ON there, and in its options file.");
        }
    }

    /// Hands out events until the end of the log ([Mode#UNTIL_NOW]) or until [#close].
    ///
    /// @throws Problem if the source has purged what is asked for, refuses, falls silent or goes
    ///   away
    /// @throws io.backstay.binlog.DamagedBinlogException if an event arrives damaged
    public void run(Consumer consumer) {
        var receiver = new Receiver(consumer, checksum());
        try {
            Connection connection = server.connection();
            connection.setNetworkTimeout(Runnable::run, (int) SILENCE_MAX.toMillis());
            Client client = connection.unwrap(org.mariadb.jdbc.Connection.class).getClient();
            var command =
                    new BinlogDump(
                            place(),
                            serverId,
                            mode == Mode.UNTIL_NOW,
                            mode == Mode.SEMI_SYNC,
                            receiver,
                            () -> isClosed);
            dump = command;
            client.execute(command, false);
        } catch (SQLException e) {
            if (receiver.failure != null) {
                throw receiver.failure;
            }
            if (!isClosed) {
                throw failed(e);
            }
        }
        if (receiver.failure != null) {
            throw receiver.failure;
        }
    }

    /// What the command itself says of where to begin; MariaDB was told before.
    private Optional<MySqlGtidSet> place() {
        return server.version().flavour() == Flavour.MARIADB
                ? Optional.empty()
                : Optional.of(after instanceof MySqlGtidSet set ? set : MySqlGtidSet.EMPTY);
    }

    private ChecksumAlgorithm checksum() {
        return "CRC32".equals(server.requireValue("SELECT @master_binlog_checksum"))
                ? ChecksumAlgorithm.CRC32
                : ChecksumAlgorithm.NONE;
    }

    private Problem failed(SQLException e) {
        if (e.getErrorCode() == 1236) {
            return new Problem(
                    ErrorCode.FAILED,
                    "%s cannot send its binary log from where it was asked to: %s"
                            .formatted(server.address(), e.getMessage()),
                    "it has purged that part or never had it: take a new base with `backstay backup`,"
                            + " or stream from another member that still has it.",
                    e);
        }
        return new Problem(
                ErrorCode.ENVIRONMENT,
                "the binary log stream from %s broke: %s"
                        .formatted(server.address(), e.getMessage()),
                "see whether that server is up, then start the stream again: it goes on where it was.",
                e);
    }

    /// Tells the source that all up to here is safe ([Mode#SEMI_SYNC]). Any one thread; a source
    /// that went away meanwhile is told of by [#run].
    public void acknowledge(BinlogPosition upTo) {
        BinlogDump running = dump;
        if (running == null) {
            throw new IllegalStateException("the stream does not run");
        }
        try {
            running.acknowledge(upTo);
        } catch (IOException e) {
            server.abort(); // what reads there ends with the reason
        }
    }

    /// Ends the stream, from any thread. [#run] returns without an error.
    @Override
    public void close() {
        isClosed = true;
        server.abort();
    }

    /// Packets to verified events.
    private static final class Receiver implements BinlogDump.PacketReceiver {
        private static final int HEARTBEAT_TYPE = 27;

        private final Consumer consumer;
        private ChecksumAlgorithm checksum;
        private String file = "";
        @Nullable RuntimeException failure;

        private Receiver(Consumer consumer, ChecksumAlgorithm checksum) {
            this.consumer = consumer;
            this.checksum = checksum;
        }

        @Override
        public boolean event(byte[] bytes, boolean isAwaited) {
            try {
                RawEvent event = RawEvent.verified(bytes, checksum, file);
                receive(event);
                if (isAwaited) {
                    consumer.awaited(new BinlogPosition(file, event.header().nextPosition()));
                }
                return true;
            } catch (RuntimeException e) {
                failure = e;
                return false;
            }
        }

        private void receive(RawEvent event) {
            if (event.header().typeCode() == HEARTBEAT_TYPE) {
                consumer.idle(new BinlogPosition(file, event.header().nextPosition()));
                return;
            }
            switch (event.type()) {
                case ROTATE -> {
                    var rotate = (RotateEvent) event.decode();
                    consumer.event(event);
                    file = rotate.nextFile();
                    return;
                }
                case FORMAT_DESCRIPTION ->
                        checksum = ((FormatDescriptionEvent) event.decode()).checksum();
                // every other event goes through as it is
                default -> {}
            }
            consumer.event(event);
        }
    }
}
