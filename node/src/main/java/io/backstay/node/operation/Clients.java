package io.backstay.node.operation;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// Client sessions on a server: all but this one, replication, and the server's own threads.
final class Clients {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String OTHERS =
            "SELECT id, user, host, command FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND user NOT IN ('system user', 'event_scheduler') AND command NOT IN ('Binlog Dump', 'Slave_worker', 'Slave_IO', 'Slave_SQL', 'Daemon') AND user <> 'root'";

    private Clients() {}

    /// Ends every client session. A session that comes again meets a read-only server.
    static int end(Server session) {
        List<SqlRow> others = session.rows(OTHERS);
        for (SqlRow other : others) {
            long id = Long.parseLong(other.require("id"));
            try {
                session.execute("KILL CONNECTION " + id);
            } catch (Problem e) {
                // it went by itself between the look and the kill
                if (!String.valueOf(e.getMessage()).contains("error 1094 ")) {
                    throw e;
                }
            }
        }
        return others.size();
    }

    /// Waits for clients to leave; a client that stays is a reason not to go on.
    static long awaitGone(Server session) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            List<SqlRow> others = session.rows(OTHERS);
            if (others.isEmpty()) {
                return 0;
            }
            if (System.nanoTime() > end) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "clients are still on this server after %d s: expected none, found %s"
                                .formatted(
                                        DEADLINE.toSeconds(),
                                        others.stream()
                                                .map(SqlRow::toString)
                                                .collect(Collectors.joining(", "))),
                        "point them elsewhere, then drain again.");
            }
            Thread.sleep(Duration.ofMillis(50));
        }
    }
}
