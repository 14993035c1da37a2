package io.backstay.recovery.replay;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.GtidEvent;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.SegmentEntry;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// Our own replay of row events in one session: `BEGIN`, one `BINLOG` statement for each logged
/// statement, `COMMIT`.
///
/// Statements other than transaction control are refused by name: how they ran is for the standard
/// tool to know.
final class BinlogReplay {
    private final Server server;
    private final MariaDbGtidState after;
    private final ByteArrayOutputStream statement = new ByteArrayOutputStream();
    private boolean isSkipping;
    private long transactions;

    private BinlogReplay(Server server, MariaDbGtidState after) {
        this.server = server;
        this.after = after;
    }

    static ReplayResult run(
            Archive archive, List<SegmentEntry> segments, String afterGtid, ServerAddress target) {
        long started = System.nanoTime();
        try (Server server = Server.connect(target)) {
            server.execute("SET SESSION sql_log_bin = 0");
            var replay = new BinlogReplay(server, MariaDbGtidState.parse(afterGtid));
            for (SegmentEntry segment : segments) {
                try (BinlogFile file = BinlogFile.open(archive.resolve(segment.part()))) {
                    replay.run(file.reader());
                }
            }
            return new ReplayResult(
                    false,
                    "our own one-session replay (mariadb-binlog and mariadb are not on the PATH)",
                    replay.transactions,
                    Duration.ofNanos(System.nanoTime() - started));
        }
    }

    private void run(BinlogReader reader) {
        while (reader.next()) {
            switch (reader.type()) {
                case FORMAT_DESCRIPTION -> {
                    take(reader);
                    send();
                }
                case GTID -> begin((GtidEvent) reader.decode());
                case TABLE_MAP -> {
                    if (!isSkipping) {
                        take(reader);
                    }
                }
                case WRITE_ROWS_V1, UPDATE_ROWS_V1, DELETE_ROWS_V1 -> rows(reader);
                case XID -> end("COMMIT");
                case QUERY -> query((QueryEvent) reader.decode());
                // the rest of a row log changes nothing, or is of kinds the fold refuses by name
                default -> {}
            }
        }
    }

    private void begin(GtidEvent event) {
        isSkipping = after.reaches(event.gtid());
        if (!isSkipping && !event.isStandalone()) {
            server.execute("BEGIN");
        }
    }

    private void rows(BinlogReader reader) {
        if (isSkipping) {
            return;
        }
        take(reader);
        if ((((RowsEvent) reader.decode()).flags() & RowsEvent.FLAG_STATEMENT_END) != 0) {
            send();
        }
    }

    private void query(QueryEvent event) {
        String control = event.statement().strip().toUpperCase(Locale.ROOT);
        if (isSkipping || control.startsWith("SAVEPOINT")) {
            return;
        }
        if (control.equals("COMMIT") || control.equals("ROLLBACK")) {
            end(control);
            return;
        }
        throw new Problem(
                ErrorCode.UNSUPPORTED,
                "our own replay takes row events only, found the statement: "
                        + event.statement().lines().findFirst().orElse(""),
                "put mariadb-binlog and mariadb on the PATH.");
    }

    private void end(String how) {
        if (!isSkipping) {
            server.execute(how);
            transactions++;
        }
    }

    private void take(BinlogReader reader) {
        byte[] event =
                reader.bytes()
                        .asSlice(reader.offset(), reader.sizeBytes())
                        .toArray(ValueLayout.JAVA_BYTE);
        statement.write(event, 0, event.length);
    }

    private void send() {
        server.execute(
                "BINLOG '" + Base64.getEncoder().encodeToString(statement.toByteArray()) + "'");
        statement.reset();
    }
}
