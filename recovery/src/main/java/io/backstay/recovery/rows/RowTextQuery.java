package io.backstay.recovery.rows;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.mariadb.jdbc.Statement;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.ReadableByteBuf;
import org.mariadb.jdbc.client.socket.Reader;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.ClosableLock;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.message.ClientMessage;
import org.mariadb.jdbc.message.server.ErrorPacket;
import org.mariadb.jdbc.message.server.OkPacket;

/// One SELECT whose rows come as LOAD DATA text, straight from the packets of the text protocol.
///
/// The text protocol sends each field as a length and its bytes, so only what LOAD DATA reads as
/// something else is escaped; format: [io.backstay.recovery.archive.ChunkReader]. Source: MariaDB
/// knowledge base, "COM_QUERY", "Result Set Packets", "Resultset row".
public final class RowTextQuery implements ClientMessage {
    private static final int COM_QUERY = 0x03;
    private static final int NULL_FIELD = 0xfb;
    private static final int ERROR = 0xff;
    private static final int END = 0xfe;
    private static final int LONGEST_END_BYTES = 0xffffff;

    private final String sql;
    private final boolean[] isFloating;
    private final RowSink sink;
    private final RowText text = new RowText();

    private RowTextQuery(String sql, boolean[] isFloating, RowSink sink) {
        this.sql = sql;
        this.isFloating = isFloating;
        this.sink = sink;
    }

    /// @param isFloating which of the selected columns are DOUBLE and get one spelling: [RowText]
    public static void run(Server server, String sql, boolean[] isFloating, RowSink sink) {
        try {
            server.connection()
                    .unwrap(org.mariadb.jdbc.Connection.class)
                    .getClient()
                    .execute(new RowTextQuery(sql, isFloating, sink), false);
        } catch (SQLException e) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "reading rows from "
                            + server.address()
                            + " with `"
                            + sql
                            + "`: "
                            + e.getMessage(),
                    "look at the server's error log, then run the same command again.",
                    e);
        }
    }

    @Override
    public int encode(Writer writer, Context context) throws IOException {
        writer.initPacket();
        writer.writeByte(COM_QUERY);
        writer.writeBytes(sql.getBytes(StandardCharsets.UTF_8));
        writer.flush();
        return 1;
    }

    @Override
    public String description() {
        return sql;
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
        ReadableByteBuf packet = reader.readReusablePacket(traceEnable);
        requireNoError(packet, context, exceptions);
        int columns = packet.readIntLengthEncodedNotNull();
        if (columns != isFloating.length) {
            throw exceptions.create(
                    "expected " + isFloating.length + " columns, found " + columns, "HY000");
        }
        for (int i = 0; i < columns; i++) {
            reader.readReusablePacket(traceEnable);
        }
        if (!context.isEofDeprecated()) {
            reader.readReusablePacket(traceEnable);
        }
        while (true) {
            packet = reader.readReusablePacket(traceEnable);
            requireNoError(packet, context, exceptions);
            if (packet.getUnsignedByte() == END && packet.readableBytes() < LONGEST_END_BYTES) {
                return end(packet, context);
            }
            row(packet, columns);
        }
    }

    private void row(ReadableByteBuf packet, int columns) throws IOException {
        byte[] bytes = packet.buf();
        int at = packet.pos();
        text.clear();
        for (int i = 0; i < columns; i++) {
            if (i > 0) {
                text.separate();
            }
            int first = bytes[at] & 0xff;
            if (first == NULL_FIELD) {
                at++;
                text.appendNull();
                continue;
            }
            packet.pos(at);
            int length = packet.readIntLengthEncodedNotNull();
            at = packet.pos();
            if (isFloating[i]) {
                text.appendFloating(bytes, at, length);
            } else {
                text.append(bytes, at, length);
            }
            at += length;
        }
        int count = text.length();
        text.endLine();
        sink.row(text.bytes(), 0, count);
    }

    private static Completion end(ReadableByteBuf packet, Context context) throws SQLException {
        if (context.isEofDeprecated()) {
            return OkPacket.parse(packet, context);
        }
        packet.skip(1);
        context.setWarning(packet.readUnsignedShort());
        context.setServerStatus(packet.readUnsignedShort());
        return new Ended();
    }

    private record Ended() implements Completion {}

    private void requireNoError(
            ReadableByteBuf packet, Context context, ExceptionFactory exceptions)
            throws SQLException {
        if (packet.getUnsignedByte() == ERROR) {
            var error = new ErrorPacket(packet, context);
            throw exceptions
                    .withSql(sql)
                    .create(error.getMessage(), error.getSqlState(), error.getErrorCode());
        }
    }
}
