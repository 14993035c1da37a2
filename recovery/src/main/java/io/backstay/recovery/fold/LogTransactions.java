package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EventHeader;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.TransactionBegin;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The transactions of a log, one after another, from their first event to their end: what counts
/// goes to the [TransactionFold] at the end.
///
/// Source of the transaction's shape: MariaDB knowledge base, "GTID_EVENT"; MySQL manual, "GTID
/// Format and Storage": begun by a GTID event, ended by an XID event, a COMMIT statement or, when
/// standalone, by its one statement.
final class LogTransactions {
    private final FoldStop stop;
    private final TableMaps tables;
    private final GtidProgress progress;
    private final TransactionFold fold;
    private final IntSupplier stretch;
    private final PreparedTransactions prepared = new PreparedTransactions();
    private final List<Gtid> unfinished = new ArrayList<>();
    private @Nullable OpenTransaction open;
    private boolean isStopped;
    private long transactions;
    private long passedOver;
    private long lastSeconds;

    /// @param stretch number of the stretch that is being read
    LogTransactions(
            FoldStop stop,
            TableMaps tables,
            GtidProgress progress,
            TransactionFold fold,
            IntSupplier stretch) {
        this.stop = stop;
        this.tables = tables;
        this.progress = progress;
        this.fold = fold;
        this.stretch = stretch;
    }

    boolean isStopped() {
        return isStopped;
    }

    void stop() {
        isStopped = true;
    }

    long transactions() {
        return transactions;
    }

    long passedOver() {
        return passedOver;
    }

    long lastSeconds() {
        return lastSeconds;
    }

    /// Without their end in the log; those that were prepared last.
    List<Gtid> unfinished() {
        var all = new ArrayList<>(unfinished);
        all.addAll(prepared.gtids());
        return all;
    }

    /// Prepared, and neither committed nor rolled back; passed over or not.
    List<Gtid> prepared() {
        return prepared.gtids();
    }

    /// The open one goes no further: its file ended, so it never committed; or it is sent again
    /// from its begin.
    void breakOff() {
        if (open != null) {
            unfinished.add(open.gtid());
            open = null;
        }
    }

    void tableMap(BinlogReader reader) {
        if (!requireOpen(reader).isPassedOver()) {
            tables.read(reader);
        }
    }

    void annotate(BinlogReader reader) {
        requireOpen(reader)
                .annotate(
                        reader.bytes()
                                .asSlice(
                                        reader.bodyOffset(),
                                        reader.bodyEnd() - reader.bodyOffset()));
    }

    /// An INTVAR, RAND or USER_VAR event.
    void setting(BinlogReader reader) {
        if (!requireOpen(reader).isPassedOver()) {
            requireOpen(reader)
                    .add(new OpenTransaction.Setting(stretch.getAsInt(), reader.offset()));
        }
    }

    void xid(BinlogReader reader) {
        boolean _ = commit(reader, requireOpen(reader), false);
    }

    void begin(BinlogReader reader) {
        breakOff();
        TransactionBegin event = TransactionBegin.of(reader.decode(), reader.header());
        boolean isPassedOver =
                switch (progress.verdict(event.gtid())) {
                    case FOLD -> false;
                    case PASS_OVER -> true;
                    case OUT_OF_ORDER -> {
                        open = new OpenTransaction(event.gtid(), false, false);
                        throw refused(
                                reader,
                                "the log",
                                "sequence numbers do not grow within the domain; set"
                                        + " gtid_strict_mode=ON on the source");
                    }
                };
        open = new OpenTransaction(event.gtid(), event.isAlone(), isPassedOver);
    }

    /// A [StoredFold] is taken as one transaction.
    void beginStored(StoredFold stored) {
        breakOff();
        open = new OpenTransaction(stored.one(), false, false);
    }

    void endStored(StoredFold stored) {
        if (open != null) {
            fold.take(open, false);
            open = null;
        }
        transactions += stored.transactions();
        passedOver += stored.passedOver();
        lastSeconds = stored.lastSeconds();
        progress.readStored(stored.folded());
    }

    void rows(BinlogReader reader, RowsEvent.Change change) {
        OpenTransaction transaction = requireOpen(reader);
        if (transaction.isPassedOver()) {
            endIfStandalone(reader, transaction, true);
            return;
        }
        RowsHead head = RowsHead.read(reader, change);
        if (head.tableId() != RowsEvent.DUMMY_TABLE_ID) {
            TableMaps.Bound table = tables.find(head.tableId());
            if (table == null) {
                throw DamagedBinlogException.of(
                        reader.origin(),
                        "RowsEvent.tableId",
                        "the number of a table map before it",
                        Long.toString(head.tableId()));
            }
            add(reader, transaction, table, head, change);
        }
        boolean isEnd = (head.flags() & RowsEvent.FLAG_STATEMENT_END) != 0;
        if (isEnd) {
            transaction.endStatement();
        }
        endIfStandalone(reader, transaction, isEnd);
    }

    private void add(
            BinlogReader reader,
            OpenTransaction transaction,
            TableMaps.Bound table,
            RowsHead head,
            RowsEvent.Change change) {
        TableFold known = table.fold();
        if (known != null && head.columnCount() != known.layouts().size()) {
            throw DamagedBinlogException.of(
                    reader.origin(),
                    "RowsEvent.columnCount",
                    Integer.toString(known.layouts().size()),
                    Integer.toString(head.columnCount()));
        }
        transaction.add(reader, table, change, head, stretch.getAsInt());
    }

    private void endIfStandalone(BinlogReader reader, OpenTransaction transaction, boolean isEnd) {
        if (transaction.isStandalone() && isEnd) {
            commit(reader, transaction, false);
        }
    }

    void statement(BinlogReader reader) {
        OpenTransaction transaction = requireOpen(reader);
        QueryEvent query = (QueryEvent) reader.decode();
        if (TransactionBegin.isBegin(query.statement())) {
            transaction.goesOn();
        }
        StatementMeaning meaning = Statements.of(query.statement());
        switch (meaning) {
            case COMMIT -> {
                commit(reader, transaction, false);
                return;
            }
            case ROLLBACK -> {
                commit(reader, transaction, true);
                return;
            }
            case XA_COMMIT, XA_ROLLBACK -> {
                endPrepared(reader, transaction, query.statement(), meaning);
                return;
            }
            case HARMLESS -> {}
            case SAVEPOINT,
                    ROLLBACK_TO,
                    DROP_TEMPORARY,
                    PROGRAM,
                    ACCOUNT,
                    DATABASE,
                    TRUNCATE,
                    CHANGE -> {
                if (!transaction.isPassedOver()) {
                    transaction.add(
                            new OpenTransaction.Statement(
                                    meaning,
                                    SqlText.of(query),
                                    query.threadId(),
                                    (reader.header().flags() & EventHeader.FLAG_THREAD_SPECIFIC)
                                            != 0,
                                    query.errorCode(),
                                    stretch.getAsInt(),
                                    reader.offset()));
                }
            }
        }
        endIfStandalone(reader, transaction, true);
    }

    /// Its rows count once it is committed, in this file or a later one.
    void prepare(BinlogReader reader) {
        OpenTransaction transaction = requireOpen(reader);
        if (PreparedTransactions.isOnePhase(reader)) {
            commit(reader, transaction, false);
        } else if (end(reader, transaction)) {
            prepared.put(PreparedTransactions.xidOf(reader), transaction);
        }
    }

    private void endPrepared(
            BinlogReader reader,
            OpenTransaction transaction,
            String statement,
            StatementMeaning meaning) {
        OpenTransaction first = prepared.find(statement);
        if (meaning == StatementMeaning.XA_COMMIT && !transaction.isPassedOver()) {
            if (first == null || first.isPassedOver()) {
                refuse(
                        reader,
                        "the log",
                        "an XA transaction is committed that was prepared before the base was made, or before"
                                + " the place that is gone on from");
            } else {
                first.items().forEach(transaction::add);
            }
        }
        if (commit(reader, transaction, false)) {
            prepared.remove(statement);
        }
    }

    /// @return whether it counts, or did before
    private boolean commit(BinlogReader reader, OpenTransaction transaction, boolean isRolledBack) {
        boolean counts = end(reader, transaction);
        if (counts && !transaction.isPassedOver()) {
            fold.take(transaction, isRolledBack);
        }
        return counts;
    }

    /// @return whether the transaction counts, or did before; not if it is behind the stop
    private boolean end(BinlogReader reader, OpenTransaction transaction) {
        if (isBehindStop(reader)) {
            isStopped = true;
            open = null;
            return false;
        }
        open = null;
        if (transaction.isPassedOver()) {
            passedOver++;
        } else {
            if (transaction.refusal() != null) {
                throw transaction.refusal();
            }
            transactions++;
            lastSeconds = reader.header().timestampSeconds();
        }
        progress.read(transaction.gtid(), !transaction.isPassedOver());
        if (stop instanceof FoldStop.AfterGtid(Gtid gtid) && gtid.equals(transaction.gtid())) {
            isStopped = true;
        }
        return true;
    }

    private boolean isBehindStop(BinlogReader reader) {
        if (!(stop instanceof FoldStop.AtPosition(var position))
                || !position.file().equals(reader.file())) {
            return false;
        }
        long end = reader.header().nextPosition();
        if (end == 0) {
            throw refused(reader, "the log", "the end of a transaction has no position");
        }
        return end > position.offsetBytes();
    }

    private OpenTransaction requireOpen(BinlogReader reader) {
        if (open == null) {
            throw refused(
                    reader,
                    "the log",
                    "a change stands outside of any transaction: its begin is missing, or the source"
                            + " is older than MariaDB 10 and MySQL 5.6");
        }
        return open;
    }

    /// Takes effect when the transaction counts.
    void refuse(BinlogReader reader, String subject, String reason) {
        requireOpen(reader).refuse(refused(reader, subject, reason));
    }

    RefusedFold refused(BinlogReader reader, String subject, String reason) {
        return new RefusedFold(
                subject,
                reader.type().name(),
                open == null ? "unknown" : open.gtid().toString(),
                reader.origin(),
                reason);
    }
}
