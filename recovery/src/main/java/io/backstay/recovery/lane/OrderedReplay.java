package io.backstay.recovery.lane;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.fold.OrderedEvent;
import io.backstay.recovery.fold.OrderedLog;
import io.backstay.recovery.fold.StatementMeaning;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Executes an [OrderedLog] on a server that holds the state before it.
///
/// - One session, in order. Transactions of rows alone are put together, many to a commit.
/// - What was executed is written down in the same transaction ([Progress]), so that a killed run
///   goes on behind it. What cannot be taken back as one, a statement that commits by itself or
///   rows while there is a table without transactions, is announced first.
/// - Every error ends it.
public final class OrderedReplay {
    private static final int BATCH_BYTES = 1 << 19;
    private static final Pattern DATABASE =
            Pattern.compile(
                    "\\b(?:DATABASE|SCHEMA)\\s+(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?(?:`((?:[^`]|``)+)`|([^\\s`;]+))",
                    Pattern.CASE_INSENSITIVE);
    private static final Set<String> ROW_STATEMENTS =
            Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "SELECT", "DO", "CALL", "WITH");

    private final Server server;
    private final OrderedLog log;
    private final Progress progress;
    private final SessionSettings settings;
    private final SequenceRows sequences;
    private final RowsStatement rows = new RowsStatement();
    private @Nullable MemorySegment format;
    private int checksumBytes;
    private int batched;
    private boolean hasPlainTables;
    private String where = "";

    /// What becomes of a run, written by the session that does the work.
    public interface Progress {
        /// Before a transaction that cannot be taken back as one.
        void announce(int transaction);

        /// Before a database of that name may be made.
        void database(String name);

        /// In the transaction itself, if it is one: all up to there is executed.
        void done(int transactions);
    }

    private OrderedReplay(Server server, OrderedLog log, Progress progress) {
        this.server = server;
        this.log = log;
        this.progress = progress;
        this.settings = new SessionSettings(server);
        this.sequences = new SequenceRows(server);
    }

    /// Statements on accounts are left out: [LoggedAccounts].
    ///
    /// @param from number of the first transaction to execute
    public static void run(Server server, OrderedLog log, int from, Progress progress) {
        new OrderedReplay(server, log, progress).run(from);
    }

    private void run(int from) {
        lookForPlainTables();
        for (int number = from; number < log.transactions(); number++) {
            OrderedLog.Transaction transaction = log.transaction(number);
            where = "transaction " + transaction.gtid();
            takeFormat(transaction.format(), number);
            if (isRowsAlone(transaction)) {
                batched++;
                transaction.events().forEach(event -> rows.add((OrderedEvent.Rows) event));
                if (rows.sizeBytes() >= BATCH_BYTES) {
                    commitBatch(number + 1);
                }
            } else {
                commitBatch(number);
                one(number, transaction);
            }
        }
        commitBatch(log.transactions());
    }

    /// At once, where it stands in the log: that of a server's first file ends the temporary tables
    /// of sessions that are gone with the server.
    private void takeFormat(MemorySegment next, int done) {
        if (format != null && format.byteSize() == next.byteSize() && format.mismatch(next) < 0) {
            return;
        }
        commitBatch(done);
        format = next;
        rows.addFormat(next);
        sendRows();
        if (server.version().flavour() == Flavour.MYSQL) {
            // it takes the session for a replica's, which waits for a GTID
            server.execute("SET SESSION gtid_next = 'AUTOMATIC'");
        }
        checksumBytes = checksumBytes(next);
    }

    static int checksumBytes(MemorySegment format) {
        return format.get(ValueLayout.JAVA_BYTE, format.byteSize() - 5) == 1 ? 4 : 0;
    }

    /// Rows of tables, and not too many: what one `BINLOG` statement can take.
    private boolean isRowsAlone(OrderedLog.Transaction transaction) {
        return !transaction.isRolledBack()
                && sizeBytes(transaction) < BATCH_BYTES
                && transaction.events().stream()
                        .allMatch(
                                e ->
                                        e instanceof OrderedEvent.Rows rows
                                                && sequences.find(rows).isEmpty());
    }

    /// Tables whose rows a ROLLBACK, or a kill, does not take back.
    private void lookForPlainTables() {
        hasPlainTables =
                server.findValue(
                                "SELECT 1 FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON"
                                        + " e.ENGINE = t.ENGINE WHERE t.TABLE_TYPE = 'BASE TABLE' AND e.TRANSACTIONS"
                                        + " <> 'YES' AND t.TABLE_SCHEMA NOT IN ('mysql', 'information_schema',"
                                        + " 'performance_schema', 'sys') LIMIT 1")
                        .isPresent();
    }

    private void commitBatch(int done) {
        if (batched > 0) {
            if (hasPlainTables) {
                progress.announce(done - batched);
            }
            server.execute("BEGIN");
            sendRows();
            progress.done(done);
            server.execute("COMMIT");
            batched = 0;
        }
    }

    private static long sizeBytes(OrderedLog.Transaction transaction) {
        long size = 0;
        for (OrderedEvent event : transaction.events()) {
            size += event instanceof OrderedEvent.Rows rows ? rows.rows().byteSize() : 0;
        }
        return size;
    }

    private void rows(OrderedEvent.Rows event) {
        Optional<TableName> sequence = sequences.find(event);
        if (sequence.isPresent()) {
            sendRows();
            sequences.apply(sequence.get(), event, checksumBytes);
        } else {
            rows.add(event);
            if (rows.sizeBytes() >= BATCH_BYTES) {
                sendRows(); // each event ends its own statement
            }
        }
    }

    private void sendRows() {
        if (!rows.isEmpty()) {
            byte[] sql = rows.take();
            send(server, sql, 0, sql.length, where);
            // row events carry flags of their session, and leave them behind
            settings.forgetFlags();
        }
    }

    private void one(int number, OrderedLog.Transaction transaction) {
        boolean commitsItself = transaction.events().stream().anyMatch(this::commitsItself);
        if (commitsItself || hasPlainTables) {
            progress.announce(number);
        }
        if (!commitsItself || statements(transaction) > 1) {
            // what commits itself needs none, and some settings cannot be changed within one
            server.execute("BEGIN");
        }
        for (OrderedEvent event : transaction.events()) {
            switch (event) {
                case OrderedEvent.Rows row -> rows(row);
                case OrderedEvent.Setting setting -> {
                    sendRows();
                    settings.apply(setting.event(), checksumBytes);
                }
                case OrderedEvent.Statement statement -> {
                    sendRows();
                    statement(statement);
                }
            }
        }
        sendRows();
        if (transaction.isRolledBack()) {
            server.execute("ROLLBACK");
            server.execute("BEGIN");
        } else if (commitsItself) {
            // behind the first half of a CREATE TABLE ... SELECT nothing but rows may come
            server.execute("COMMIT");
        }
        progress.done(number + 1);
        server.execute("COMMIT");
        if (commitsItself) {
            lookForPlainTables();
        }
    }

    private static long statements(OrderedLog.Transaction transaction) {
        return transaction.events().stream()
                .filter(OrderedEvent.Statement.class::isInstance)
                .count();
    }

    private void statement(OrderedEvent.Statement statement) {
        if (statement.meaning() == StatementMeaning.ACCOUNT) {
            return;
        }
        byte[] bytes = statement.event().toArray(ValueLayout.JAVA_BYTE);
        String at = statement.file() + ":" + statement.offset() + ", " + where;
        var event = new StatementEvent(bytes, checksumBytes, at);
        if (event.isWithoutEffect()) {
            return;
        }
        if (statement.meaning() == StatementMeaning.DATABASE) {
            Matcher name =
                    DATABASE.matcher(
                            new String(bytes, event.from, event.count, StandardCharsets.UTF_8));
            if (name.find()) {
                progress.database(
                        name.group(1) == null ? name.group(2) : name.group(1).replace("``", "`"));
            }
        }
        boolean hasDatabase = settings.apply(event);
        boolean isOfDatabase = statement.meaning() == StatementMeaning.DATABASE;
        boolean needsStandIn = !hasDatabase && !isOfDatabase && commitsItself(statement);
        if (needsStandIn) {
            // its session was left in a database that another one had dropped
            progress.database(event.database);
            server.execute("CREATE DATABASE " + Identifier.quote(event.database));
            settings.apply(event);
        }
        send(server, bytes, event.from, event.count, at);
        if (needsStandIn) {
            server.execute("DROP DATABASE " + Identifier.quote(event.database));
        }
        if (needsStandIn || isOfDatabase) {
            settings.forgetDatabase();
        }
        if (statement.meaning() == StatementMeaning.PROGRAM) {
            EventSwitch.allOff(server); // until somebody wants the server to be a source
        }
    }

    /// Whether an event ends the transaction it is in: all definitions do.
    private boolean commitsItself(OrderedEvent event) {
        if (!(event instanceof OrderedEvent.Statement statement)) {
            return false;
        }
        return switch (statement.meaning()) {
            case SAVEPOINT,
                    ROLLBACK_TO,
                    ACCOUNT,
                    COMMIT,
                    ROLLBACK,
                    HARMLESS,
                    XA_COMMIT,
                    XA_ROLLBACK ->
                    false;
            case DROP_TEMPORARY, PROGRAM, DATABASE, TRUNCATE -> true;
            case CHANGE -> {
                byte[] bytes = statement.event().toArray(ValueLayout.JAVA_BYTE);
                var parsed = new StatementEvent(bytes, checksumBytes, where);
                String words =
                        new String(
                                bytes,
                                parsed.from,
                                Math.min(parsed.count, 40),
                                StandardCharsets.ISO_8859_1);
                yield !ROW_STATEMENTS.contains(
                        words.strip().split("[\\s(]", 2)[0].toUpperCase(Locale.ROOT));
            }
        };
    }

    private static void send(Server server, byte[] sql, int from, int count, String where) {
        try {
            RawQuery.run(server, sql, from, count);
        } catch (SQLException e) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "the ordered lane stopped on %s at %s: error %d (%s): %s"
                            .formatted(
                                    server.address(),
                                    where,
                                    e.getErrorCode(),
                                    e.getSQLState(),
                                    withoutStatement(e)),
                    "the server's error log may say more; the same restore goes on from here.",
                    e);
        }
    }

    /// The server's words only: a statement may hold secrets.
    private static String withoutStatement(SQLException e) {
        List<String> lines = new ArrayList<>(String.valueOf(e.getMessage()).lines().toList());
        return lines.isEmpty() ? "no word of it" : lines.getFirst();
    }
}
