package io.backstay.binlog.look;

import io.backstay.binlog.AnnotateRowsEvent;
import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EncryptionKeys;
import io.backstay.binlog.Flavour;
import io.backstay.binlog.FormatDescriptionEvent;
import io.backstay.binlog.GtidEvent;
import io.backstay.binlog.LogReader;
import io.backstay.binlog.LoggedEvent;
import io.backstay.binlog.MySqlGtidEvent;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.StatementEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.XaPrepareEvent;
import io.backstay.binlog.XidEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// All events of some files, one after the other, with the transaction and the table each belongs
/// to.
///
/// ```
/// while (walk.next()) { walk.event(); walk.transaction(); }
/// ```
///
/// A transaction begins with its GTID event, or without GTIDs with BEGIN or its one statement; it
/// ends with an XID, XA PREPARE or COMMIT event, or with its one statement. It ends with its file
/// at the latest. Not safe for use by several threads.
public final class LogWalk implements AutoCloseable {
    private final Deque<Path> files;
    private final EncryptionKeys keys;
    private final Map<Long, TableMapEvent> tables = new HashMap<>();
    private @Nullable LogReader reader;
    private @Nullable LoggedEvent event;
    private @Nullable LoggedTransaction transaction;
    private boolean isFileFirst;

    /// @param files in the order of the log
    public LogWalk(List<Path> files, EncryptionKeys keys) {
        this.files = new ArrayDeque<>(files);
        this.keys = keys;
    }

    /// Moves to the next event.
    ///
    /// @throws DamagedBinlogException if a file is truncated or damaged
    /// @throws io.backstay.doors.Problem if it is encrypted and its key is missing, or too new
    public boolean next() {
        if (transaction != null && transaction.ending() != LoggedTransaction.Ending.OPEN) {
            transaction = null;
        }
        isFileFirst = false;
        while (true) {
            if (reader == null) {
                if (files.isEmpty()) {
                    return false;
                }
                reader = new LogReader(BinlogFile.open(files.removeFirst()), keys);
                isFileFirst = true;
                transaction = null;
                tables.clear();
            }
            Optional<LoggedEvent> next = reader.next();
            if (next.isPresent()) {
                event = next.get();
                note(next.get());
                return true;
            }
            reader.close();
            reader = null;
        }
    }

    public LoggedEvent event() {
        if (event == null) {
            throw new IllegalStateException("next() was not called");
        }
        return event;
    }

    /// The event is the first of its file.
    public boolean isFileFirst() {
        return isFileFirst;
    }

    /// The transaction that the event belongs to; its ending is known with its last event.
    public Optional<LoggedTransaction> transaction() {
        return Optional.ofNullable(transaction);
    }

    /// @throws DamagedBinlogException if no table map before the event has its number
    public TableMapEvent requireTable(RowsEvent rows) {
        TableMapEvent map = tables.get(rows.tableId());
        if (map == null) {
            throw DamagedBinlogException.of(
                    event().origin(),
                    "RowsEvent.tableId",
                    "the number of a table map before it",
                    Long.toString(rows.tableId()));
        }
        return map;
    }

    private void note(LoggedEvent found) {
        switch (found.event()) {
            case FormatDescriptionEvent _ -> {
                tables.clear();
                transaction = null;
            }
            case GtidEvent gtid ->
                    transaction =
                            new LoggedTransaction(
                                    found.origin(),
                                    Optional.of(gtid.gtid()),
                                    gtid.isStandalone(),
                                    seconds(found),
                                    gtid.threadId());
            case MySqlGtidEvent gtid ->
                    transaction =
                            new LoggedTransaction(
                                    found.origin(),
                                    gtid.gtid().map(g -> g),
                                    false,
                                    time(found, gtid),
                                    OptionalLong.empty());
            case TableMapEvent map -> tables.put(map.tableId(), map);
            case AnnotateRowsEvent annotation -> open(found).annotate(annotation.statement());
            case XidEvent _ -> open(found).end(LoggedTransaction.Ending.COMMITTED);
            case XaPrepareEvent xa -> {
                open(found).prepared(xa.identifier());
                open(found)
                        .end(
                                xa.isOnePhase()
                                        ? LoggedTransaction.Ending.COMMITTED
                                        : LoggedTransaction.Ending.PREPARED);
            }
            case QueryEvent query -> statement(found, query);
            case StatementEvent.ExecuteLoad load -> {
                open(found).session(load.threadId());
                endIfAlone(open(found));
            }
            case RowsEvent rows -> {
                LoggedTransaction of = open(found);
                if (of.isStandalone() && (rows.flags() & RowsEvent.FLAG_STATEMENT_END) != 0) {
                    of.end(LoggedTransaction.Ending.COMMITTED);
                }
            }
            // no part of a transaction's frame
            default -> {}
        }
    }

    private void statement(LoggedEvent found, QueryEvent query) {
        LoggedTransaction of = open(found);
        of.session(query.threadId());
        switch (StatementKind.of(query.statement())) {
            case BEGIN -> of.group();
            case COMMIT, XA_COMMIT -> of.end(LoggedTransaction.Ending.COMMITTED);
            case ROLLBACK, XA_ROLLBACK -> of.end(LoggedTransaction.Ending.ROLLED_BACK);
            case ROLLBACK_TO, HARMLESS -> {}
            case CHANGE, DEFINITION -> endIfAlone(of);
        }
    }

    private void endIfAlone(LoggedTransaction of) {
        boolean isMariaDbGroup =
                !of.isStandalone() && of.gtid().isPresent() && flavour() == Flavour.MARIADB;
        if (!of.isGroup() && !isMariaDbGroup) {
            of.end(LoggedTransaction.Ending.COMMITTED);
        }
    }

    private Flavour flavour() {
        return reader == null
                ? Flavour.MYSQL
                : reader.format().map(FormatDescriptionEvent::flavour).orElse(Flavour.MYSQL);
    }

    private LoggedTransaction open(LoggedEvent found) {
        if (transaction == null) {
            transaction =
                    new LoggedTransaction(
                            found.origin(),
                            Optional.empty(),
                            false,
                            seconds(found),
                            OptionalLong.empty());
        }
        return transaction;
    }

    private static Instant seconds(LoggedEvent found) {
        return Instant.ofEpochSecond(found.header().timestampSeconds());
    }

    private static Instant time(LoggedEvent found, MySqlGtidEvent gtid) {
        return gtid.commitMicros().isPresent()
                ? Instant.EPOCH.plus(
                        gtid.commitMicros().getAsLong(), java.time.temporal.ChronoUnit.MICROS)
                : seconds(found);
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
