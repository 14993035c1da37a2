package io.backstay.recovery.lane;

import io.backstay.mysql.Server;
import java.io.IOException;
import java.sql.SQLException;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.result.Result;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.message.ClientMessage;

/// One statement as bytes, in whatever character set the session says. Rows that it gives are
/// dropped. Source: MariaDB knowledge base, "COM_QUERY".
final class RawQuery implements ClientMessage {
    private static final int COM_QUERY = 0x03;

    private final byte[] sql;
    private final int from;
    private final int count;

    private RawQuery(byte[] sql, int from, int count) {
        this.sql = sql;
        this.from = from;
        this.count = count;
    }

    static void run(Server server, byte[] sql, int from, int count) throws SQLException {
        for (Completion completion :
                server.connection()
                        .unwrap(org.mariadb.jdbc.Connection.class)
                        .getClient()
                        .execute(new RawQuery(sql, from, count), false)) {
            if (completion instanceof Result result) {
                result.close();
            }
        }
    }

    @Override
    public int encode(Writer writer, Context context) throws IOException {
        writer.initPacket();
        writer.writeByte(COM_QUERY);
        writer.writeBytes(sql, from, count);
        writer.flush();
        return 1;
    }

    @Override
    public String description() {
        return "statement of the log";
    }
}
