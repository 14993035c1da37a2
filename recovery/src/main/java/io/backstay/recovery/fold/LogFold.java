package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EventHeader;
import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidEvent;
import io.backstay.binlog.GtidListEvent;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.TruncatedBinlogException;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.TableName;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One pass over the stretches of a log, in order, to the net change of each row.
///
/// - Only whole transactions count, in the order of the log; one without its end counts for
///   nothing.
/// - Every event's checksum is checked; every GTID list must be covered by what was read: no hole
///   goes unnoticed.
/// - What cannot be folded exactly ends the fold with a [RefusedFold], if the transaction it is in
///   counts. Nothing behind the stop is looked at.
///
/// Source of the transaction's shape: MariaDB knowledge base, "GTID_EVENT": begun by a GTID event,
/// ended by an XID event, a COMMIT statement or, when standalone, by its one statement.
public final class LogFold {
    private final FoldRequest request;
    private final TableMaps tables;
    private final GtidProgress progress;
    private final List<MemorySegment> segments = new ArrayList<>();
    private final RowsApplier applier = new RowsApplier(segments);
    private final List<MariaDbGtid> unfinished = new ArrayList<>();
    private @Nullable OpenTransaction open;
    private boolean isStopped;
    private boolean sawStopFile;
    private long transactions;
    private long passedOver;
    private long bytes;
    private long lastSeconds;
    private @Nullable EventOrigin tornAt;

    private LogFold(FoldRequest request) {
        this.request = request;
        this.tables = new TableMaps(request.tables());
        this.progress = new GtidProgress(request.after());
    }

    /// @throws RefusedFold if the log holds what cannot be folded exactly
    /// @throws DamagedBinlogException if a stretch is damaged, or ends inside an event and may not
    /// @throws Problem if the log has a hole, or does not hold the stop
    public static Fold run(FoldRequest request, Iterable<LogStretch> stretches) {
        return new LogFold(request).fold(stretches);
    }

    private Fold fold(Iterable<LogStretch> stretches) {
        if (request.stop() instanceof FoldStop.AfterGtid(MariaDbGtid gtid)
                && request.after().reaches(gtid)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot stop after %s: the base, at %s, is at or behind it already"
                            .formatted(gtid, request.after()),
                    "choose an older base or a later point.");
        }
        for (LogStretch stretch : stretches) {
            if (isStopped) {
                break;
            }
            if (tornAt != null) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "the log breaks off at %s, and yet %s follows"
                                .formatted(tornAt, stretch.file()),
                        "stream it again: `backstay stream`.");
            }
            read(stretch);
        }
        requireStopFound();
        if (open != null) {
            unfinished.add(open.gtid());
        }
        return result();
    }

    private void read(LogStretch stretch) {
        segments.add(stretch.bytes());
        var reader = new BinlogReader(stretch.bytes(), stretch.file());
        beginFile();
        boolean isStopFile =
                request.stop() instanceof FoldStop.AtPosition(var position)
                        && position.file().equals(stretch.file());
        if (sawStopFile && !isStopFile) {
            isStopped = true;
            return;
        }
        sawStopFile |= isStopFile;
        try {
            while (!isStopped && reader.next()) {
                bytes += reader.sizeBytes();
                event(reader);
            }
        } catch (TruncatedBinlogException e) {
            if (!stretch.mayBeTorn()) {
                throw e;
            }
            tornAt = e.origin();
        }
    }

    private void beginFile() {
        tables.forgetNumbers();
        if (open != null) {
            // its file ended, so it never committed; or it is sent again from its begin
            unfinished.add(open.gtid());
            open = null;
        }
    }

    private void event(BinlogReader reader) {
        EventType type = reader.type();
        switch (type) {
            case GTID -> begin(reader);
            case TABLE_MAP -> {
                if (!requireOpen(reader).isPassedOver()) {
                    tables.read(reader);
                }
            }
            case WRITE_ROWS_V1 -> rows(reader, RowsEvent.Change.INSERT);
            case UPDATE_ROWS_V1 -> rows(reader, RowsEvent.Change.UPDATE);
            case DELETE_ROWS_V1 -> rows(reader, RowsEvent.Change.DELETE);
            case XID -> commit(reader, requireOpen(reader));
            case QUERY -> statement(reader);
            case GTID_LIST -> requireNoHole(reader);
            case ANNOTATE_ROWS -> requireOpen(reader);
            case FORMAT_DESCRIPTION -> beginFile();
            case STOP, ROTATE, BINLOG_CHECKPOINT, HEARTBEAT -> {}
            case INTVAR,
                    RAND,
                    USER_VAR,
                    APPEND_BLOCK,
                    DELETE_FILE,
                    BEGIN_LOAD_QUERY,
                    EXECUTE_LOAD_QUERY ->
                    refuse(
                            reader,
                            "the log",
                            "a change is logged as its statement, not as rows; set"
                                    + " binlog_format=ROW on the source");
            case XA_PREPARE -> refuse(reader, "the log", "XA transactions are not supported yet");
            case QUERY_COMPRESSED,
                    WRITE_ROWS_COMPRESSED_V1,
                    UPDATE_ROWS_COMPRESSED_V1,
                    DELETE_ROWS_COMPRESSED_V1,
                    WRITE_ROWS_COMPRESSED,
                    UPDATE_ROWS_COMPRESSED,
                    DELETE_ROWS_COMPRESSED ->
                    refuse(
                            reader,
                            "the log",
                            "compressed events are not supported yet; set log_bin_compress=OFF on"
                                    + " the source");
            case INCIDENT ->
                    throw refused(
                            reader, "the log", "the source says that it lost events here: a hole");
            case START_ENCRYPTION ->
                    throw refused(
                            reader,
                            "the log",
                            "the file is encrypted; stream it from the server, which sends it clear");
            case UNKNOWN,
                    START_V3,
                    LOAD,
                    SLAVE,
                    CREATE_FILE,
                    EXEC_LOAD,
                    NEW_LOAD,
                    PRE_GA_WRITE_ROWS,
                    PRE_GA_UPDATE_ROWS,
                    PRE_GA_DELETE_ROWS,
                    IGNORABLE,
                    ROWS_QUERY,
                    WRITE_ROWS_V2,
                    UPDATE_ROWS_V2,
                    DELETE_ROWS_V2,
                    MYSQL_GTID,
                    ANONYMOUS_GTID,
                    PREVIOUS_GTIDS,
                    TRANSACTION_CONTEXT,
                    VIEW_CHANGE,
                    PARTIAL_UPDATE_ROWS,
                    TRANSACTION_PAYLOAD,
                    HEARTBEAT_V2,
                    GTID_TAGGED ->
                    throw refused(reader, "the log", "events of this type are not supported");
        }
    }

    private void begin(BinlogReader reader) {
        if (open != null) {
            unfinished.add(open.gtid());
        }
        GtidEvent event = (GtidEvent) reader.decode();
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
        open = new OpenTransaction(event.gtid(), event.isStandalone(), isPassedOver);
        if (event.isXa()) {
            refuse(reader, "the log", "XA transactions are not supported yet");
        }
    }

    private void rows(BinlogReader reader, RowsEvent.Change change) {
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
        endIfStandalone(reader, transaction, (head.flags() & RowsEvent.FLAG_STATEMENT_END) != 0);
    }

    private void add(
            BinlogReader reader,
            OpenTransaction transaction,
            TableMaps.Bound table,
            RowsHead head,
            RowsEvent.Change change) {
        TableFold fold = table.fold();
        if (fold == null) {
            refuse(reader, table.name().toString(), table.refusal());
            return;
        }
        if (head.columnCount() != fold.layouts().size()) {
            throw DamagedBinlogException.of(
                    reader.origin(),
                    "RowsEvent.columnCount",
                    Integer.toString(fold.layouts().size()),
                    Integer.toString(head.columnCount()));
        }
        if (!head.isFull()) {
            refuse(
                    reader,
                    table.name().toString(),
                    "row images lack columns; set binlog_row_image=FULL on the source");
            return;
        }
        transaction
                .events()
                .add(
                        new OpenTransaction.Rows(
                                fold,
                                change,
                                head.flags(),
                                segments.size() - 1,
                                reader.offset(),
                                head.imagesOffset(),
                                reader.bodyEnd()));
    }

    private void endIfStandalone(BinlogReader reader, OpenTransaction transaction, boolean isEnd) {
        if (transaction.isStandalone() && isEnd) {
            commit(reader, transaction);
        }
    }

    private void statement(BinlogReader reader) {
        OpenTransaction transaction = requireOpen(reader);
        String statement = ((QueryEvent) reader.decode()).statement();
        switch (Statements.of(statement)) {
            case COMMIT -> {
                commit(reader, transaction);
                return;
            }
            case ROLLBACK -> {
                if (!transaction.events().isEmpty()) {
                    refuse(
                            reader,
                            transaction.events().getFirst().table().definition().name().toString(),
                            "its transaction was rolled back, and only engines without transactions"
                                    + " keep such changes");
                }
                commit(reader, transaction);
                return;
            }
            case ROLLBACK_TO -> {
                if (!transaction.events().isEmpty()) {
                    refuse(
                            reader,
                            transaction.events().getFirst().table().definition().name().toString(),
                            "a part of its transaction was rolled back in the log");
                }
            }
            case HARMLESS -> {}
            case CHANGE ->
                    refuse(
                            reader,
                            "the log",
                            "the statement \"%s\" is not supported yet"
                                    .formatted(Statements.shown(statement)));
        }
        endIfStandalone(reader, transaction, true);
    }

    private void commit(BinlogReader reader, OpenTransaction transaction) {
        if (isBehindStop(reader)) {
            isStopped = true;
            open = null;
            return;
        }
        open = null;
        if (transaction.isPassedOver()) {
            passedOver++;
        } else {
            if (transaction.refusal() != null) {
                throw transaction.refusal();
            }
            for (OpenTransaction.Rows event : transaction.events()) {
                applier.apply(event, reader.file(), transaction);
            }
            transactions++;
            lastSeconds = reader.header().timestampSeconds();
        }
        progress.read(transaction.gtid(), !transaction.isPassedOver());
        if (request.stop() instanceof FoldStop.AfterGtid(MariaDbGtid gtid)
                && gtid.equals(transaction.gtid())) {
            isStopped = true;
        }
    }

    private boolean isBehindStop(BinlogReader reader) {
        if (!(request.stop() instanceof FoldStop.AtPosition(var position))
                || !position.file().equals(reader.file())) {
            return false;
        }
        long end = reader.header().nextPosition();
        if (end == 0) {
            throw refused(reader, "the log", "the end of a transaction has no position");
        }
        return end > position.offsetBytes();
    }

    private void requireNoHole(BinlogReader reader) {
        if ((reader.header().flags() & EventHeader.FLAG_ARTIFICIAL) != 0) {
            return;
        }
        for (MariaDbGtid gtid : ((GtidListEvent) reader.decode()).state().gtids()) {
            if (!progress.has(gtid)) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "the log has a hole before %s: that file begins behind %s, and neither the base"
                                        .formatted(reader.file(), gtid)
                                + " nor the log before it has that transaction",
                        "copy the missing binary log from the source or another member, or take a new"
                                + " base with `backstay backup`.");
            }
        }
    }

    private void requireStopFound() {
        if (isStopped) {
            return;
        }
        String missing =
                switch (request.stop()) {
                    case FoldStop.AtEnd() -> "";
                    case FoldStop.AfterGtid(MariaDbGtid gtid) -> gtid.toString();
                    case FoldStop.AtPosition(var position) ->
                            sawStopFile ? "" : position.toString();
                };
        if (!missing.isEmpty()) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "cannot stop at %s: the log does not hold it and ends at %s"
                            .formatted(missing, end()),
                    "choose a point before that, or stream more: `backstay stream`.");
        }
    }

    private io.backstay.binlog.MariaDbGtidState end() {
        return request.after().union(progress.folded());
    }

    private Fold result() {
        var folded = new TreeMap<TableName, FoldedTable>();
        tables.folds()
                .forEach(
                        (name, fold) -> {
                            if (fold.keys() > 0) {
                                folded.put(name, new FoldedTable(fold, List.copyOf(segments)));
                            }
                        });
        return new Fold(
                java.util.Collections.unmodifiableSortedMap(folded),
                new FoldSummary(
                        end(),
                        progress.folded(),
                        transactions,
                        passedOver,
                        applier.rowEvents(),
                        applier.rows(),
                        bytes,
                        lastSeconds,
                        List.copyOf(unfinished),
                        Optional.ofNullable(tornAt)));
    }

    private OpenTransaction requireOpen(BinlogReader reader) {
        if (open == null) {
            throw refused(
                    reader,
                    "the log",
                    "a change stands outside of any transaction: its begin is missing, or the source"
                            + " is no MariaDB 10 or later");
        }
        return open;
    }

    /// Takes effect when the transaction counts.
    private void refuse(BinlogReader reader, String subject, String reason) {
        requireOpen(reader).refuse(refused(reader, subject, reason));
    }

    private RefusedFold refused(BinlogReader reader, String subject, String reason) {
        return new RefusedFold(
                subject,
                reader.type().name(),
                open == null ? "unknown" : open.gtid().toString(),
                reader.origin(),
                reason);
    }
}
