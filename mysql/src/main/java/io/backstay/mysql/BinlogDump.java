package io.backstay.mysql;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.MySqlGtidSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Statement;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.socket.Reader;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.ClosableLock;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.message.ClientMessage;

/// The command COM_BINLOG_DUMP, of MySQL COM_BINLOG_DUMP_GTID, and the packets that answer it until
/// the stream ends.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 1 | 0x12 |
/// | 1 | 4 | position; 4, the GTID state tells the place |
/// | 5 | 2 | flags: 1 end instead of waiting, 2 send annotate-rows events |
/// | 7 | 4 | server id |
/// | 11 | rest | file name; empty |
///
/// With GTIDs:
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 1 | 0x1E |
/// | 1 | 2 | flags: 1 end instead of waiting |
/// | 3 | 4 | server id |
/// | 7 | 4 | length of a file name; 0 |
/// | 11 | 8 | position; 4 |
/// | 19 | 4 | length of the set, bytes |
/// | 23 | rest | what the receiver has, [MySqlGtidSet#encode] |
///
/// Each answer is a packet: 0x00 and an event; 0xFE, the end; 0xFF, an error. A session that has
/// asked for semi-synchronous replication gets two bytes more before each event: 0xEF, and 1 if the
/// source waits for a word that it has arrived. That word is a packet of its own: 0xEF, 8 bytes
/// position, and the name of the source's file. Sources: MariaDB knowledge base, "COM_BINLOG_DUMP",
/// "Semisynchronous Replication"; MySQL source documentation, "COM_BINLOG_DUMP_GTID".
final class BinlogDump implements ClientMessage {

    private static final int SEMI_SYNC = 0xEF;

    /// The stream is over; the session is of no further use.
    private record EndOfStream() implements Completion {}

    /// Takes what the server sends.
    interface PacketReceiver {
        /// @param isAwaited by the source
        /// @return false to end the stream
        boolean event(byte[] event, boolean isAwaited);
    }

    private final Optional<MySqlGtidSet> after;
    private final long serverId;
    private final boolean isNonBlocking;
    private final boolean isSemiSync;
    private final PacketReceiver receiver;
    private final BooleanSupplier isClosed;
    private volatile @Nullable Writer out;

    /// @param after of MySQL: what the receiver has
    BinlogDump(
            Optional<MySqlGtidSet> after,
            long serverId,
            boolean isNonBlocking,
            boolean isSemiSync,
            PacketReceiver receiver,
            BooleanSupplier isClosed) {
        this.after = after;
        this.serverId = serverId;
        this.isNonBlocking = isNonBlocking;
        this.isSemiSync = isSemiSync;
        this.receiver = receiver;
        this.isClosed = isClosed;
    }

    @Override
    public int encode(Writer writer, Context context) throws IOException {
        if (after.isPresent()) {
            return encodeWithGtids(writer, after.get());
        }
        writer.initPacket();
        writer.writeByte(0x12);
        writer.writeInt(4);
        writer.writeShort((short) (2 | (isNonBlocking ? 1 : 0)));
        writer.writeInt((int) serverId);
        writer.flush();
        return 1;
    }

    private int encodeWithGtids(Writer writer, MySqlGtidSet has) throws IOException {
        byte[] set = has.encode();
        writer.initPacket();
        writer.writeByte(0x1E);
        writer.writeShort((short) (isNonBlocking ? 1 : 0));
        writer.writeInt((int) serverId);
        writer.writeInt(0);
        writer.writeLong(4);
        writer.writeInt(set.length);
        writer.writeBytes(set);
        writer.flush();
        return 1;
    }

    @Override
    public Completion readPacket(
            Statement statement,
            int fetchSize,
            long maxRows,
            int resultSetConcurrency,
            int resultSetType,
            boolean closeOnCompletion,
            Reader reader,
            Writer writer,
            Context context,
            ExceptionFactory exceptions,
            ClosableLock lock,
            boolean traceEnable,
            ClientMessage message,
            Consumer<String> redirect)
            throws IOException, SQLException {
        out = writer;
        while (!isClosed.getAsBoolean()) {
            byte[] packet = reader.readPacket(traceEnable);
            int kind = packet.length == 0 ? -1 : packet[0] & 0xFF;
            if (kind == 0xFE && packet.length < 9) {
                break;
            }
            if (kind == 0xFF) {
                throw error(packet);
            }
            if (kind != 0) {
                throw new SQLException("not a packet of a binary log stream: first byte " + kind);
            }
            int from = 1;
            boolean isAwaited = false;
            if (isSemiSync) {
                if (packet.length < 3 || (packet[1] & 0xFF) != SEMI_SYNC) {
                    throw new SQLException("the source does not say whether it waits");
                }
                isAwaited = packet[2] == 1;
                from = 3;
            }
            byte[] event = java.util.Arrays.copyOfRange(packet, from, packet.length);
            if (!receiver.event(event, isAwaited)) {
                break;
            }
        }
        return new EndOfStream();
    }

    /// Tells the source that all up to here has arrived. One thread; it may be another than the one
    /// that reads.
    void acknowledge(BinlogPosition upTo) throws IOException {
        Writer writer = out;
        if (writer == null) {
            throw new IllegalStateException("nothing has been sent yet");
        }
        writer.initPacket();
        writer.writeByte(SEMI_SYNC);
        writer.writeLong(upTo.offsetBytes());
        writer.writeBytes(upTo.file().getBytes(StandardCharsets.UTF_8));
        writer.flush();
    }

    private static SQLException error(byte[] packet) {
        int code = (packet[1] & 0xFF) | ((packet[2] & 0xFF) << 8);
        boolean hasState = packet.length >= 9 && packet[3] == '#';
        String state = hasState ? new String(packet, 4, 5, StandardCharsets.US_ASCII) : "HY000";
        int from = hasState ? 9 : 3;
        return new SQLException(
                new String(packet, from, packet.length - from, StandardCharsets.UTF_8),
                state,
                code);
    }
}
