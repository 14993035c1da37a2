package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EventHeader;
import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.EventType;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidListEvent;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.PreviousGtidsEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.TruncatedBinlogException;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One pass over the stretches of a log, in order, to the net change of each row, and to the events
/// of the tables for which there is no such thing.
///
/// - Only whole transactions count, in the order of the log; one without its end counts for
///   nothing.
/// - Every event's checksum is checked; every GTID list must be covered by what was read: no hole
///   goes unnoticed.
/// - A table that cannot be folded exactly leaves the fold ([TransactionFold]). What concerns the
///   log as a whole ends it with a [RefusedFold], if the transaction it is in counts. Nothing
///   behind the stop is looked at.
public final class LogFold {
    private final FoldRequest request;
    private final TableMaps tables;
    private final GtidProgress progress;
    private final List<LogStretch> read = new ArrayList<>();
    private final TransactionFold transactionFold;
    private final LogTransactions transactions;
    private boolean sawStopFile;
    private long bytes;
    private ReadPages pages = new ReadPages(false);
    private @Nullable EventOrigin tornAt;

    private LogFold(FoldRequest request) {
        this.request = request;
        this.tables = new TableMaps(request.tables());
        this.progress = GtidProgress.of(request.after());
        request.before().forEach(progress::readBefore);
        this.transactionFold = new TransactionFold(request, tables, read);
        this.transactions =
                new LogTransactions(
                        request.stop(), tables, progress, transactionFold, () -> read.size() - 1);
    }

    /// @throws RefusedFold if the log cannot be read to its end
    /// @throws DamagedBinlogException if a stretch is damaged, or ends inside an event and may not
    /// @throws Problem if the log has a hole, or does not hold the stop
    public static Fold run(FoldRequest request, Iterable<LogStretch> stretches) {
        return new LogFold(request).fold(stretches);
    }

    private Fold fold(Iterable<LogStretch> stretches) {
        if (request.stop() instanceof FoldStop.AfterGtid(Gtid gtid) && request.after().has(gtid)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot stop after %s: the base, at %s, is at or behind it already"
                            .formatted(gtid, request.after()),
                    "choose an older base or a later point.");
        }
        for (LogStretch stretch : stretches) {
            if (transactions.isStopped()) {
                break;
            }
            if (tornAt != null) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "the log breaks off at %s, and yet %s follows"
                                .formatted(tornAt, stretch.file()),
                        "stream it again: `backstay stream`.");
            }
            pages = new ReadPages(isBigger(stretch));
            if (stretch.stored().isPresent()) {
                readStored(stretch, stretch.stored().get());
            } else {
                read(stretch);
            }
            pages.readAll(stretch.bytes());
        }
        requireStopFound();
        transactions.breakOff();
        return result();
    }

    /// The log up to the end of this stretch does not fit in memory.
    private boolean isBigger(LogStretch stretch) {
        return bytes + stretch.bytes().byteSize() > request.memory().logBytes();
    }

    private void read(LogStretch stretch) {
        read.add(stretch);
        transactionFold.ordered().beginStretch(read.size() - 1);
        var reader = new BinlogReader(stretch.bytes(), stretch.file());
        beginFile();
        boolean isStopFile =
                request.stop() instanceof FoldStop.AtPosition(var position)
                        && position.file().equals(stretch.file());
        if (sawStopFile && !isStopFile) {
            transactions.stop();
            return;
        }
        sawStopFile |= isStopFile;
        try {
            while (!transactions.isStopped() && reader.next()) {
                bytes += reader.sizeBytes();
                event(reader);
                pages.readTo(stretch.bytes(), reader.offset());
            }
        } catch (TruncatedBinlogException e) {
            if (!stretch.mayBeTorn()) {
                throw e;
            }
            tornAt = e.origin();
        }
    }

    private void readStored(LogStretch stretch, StoredFold stored) {
        read.add(stretch);
        var reader = new BinlogReader(stretch.bytes(), stretch.file());
        beginFile();
        long rowEvents = transactionFold.applier().rowEvents();
        long rows = transactionFold.applier().rows();
        transactions.beginStored(stored);
        while (reader.next()) {
            bytes += reader.sizeBytes();
            if (reader.type() != EventType.FORMAT_DESCRIPTION) {
                event(reader);
            }
            pages.readTo(stretch.bytes(), reader.offset());
        }
        transactions.endStored(stored);
        transactionFold.applier().countStored(stored, rowEvents, rows);
    }

    private void beginFile() {
        tables.forgetNumbers();
        transactions.breakOff();
    }

    private void event(BinlogReader reader) {
        EventType type = reader.type();
        switch (type) {
            case GTID, MYSQL_GTID, GTID_TAGGED -> transactions.begin(reader);
            case TABLE_MAP -> transactions.tableMap(reader);
            case WRITE_ROWS_V1, WRITE_ROWS_V2 -> transactions.rows(reader, RowsEvent.Change.INSERT);
            case UPDATE_ROWS_V1, UPDATE_ROWS_V2 ->
                    transactions.rows(reader, RowsEvent.Change.UPDATE);
            case DELETE_ROWS_V1, DELETE_ROWS_V2 ->
                    transactions.rows(reader, RowsEvent.Change.DELETE);
            case XID -> transactions.xid(reader);
            case QUERY -> transactions.statement(reader);
            case PARTIAL_UPDATE_ROWS -> transactions.rows(reader, RowsEvent.Change.UPDATE);
            case GTID_LIST -> requireNoHole(reader, ((GtidListEvent) reader.decode()).state());
            case PREVIOUS_GTIDS ->
                    requireNoHole(reader, ((PreviousGtidsEvent) reader.decode()).set());
            case ANNOTATE_ROWS, ROWS_QUERY -> transactions.annotate(reader);
            case FORMAT_DESCRIPTION -> beginFile();
            case STOP,
                    ROTATE,
                    BINLOG_CHECKPOINT,
                    HEARTBEAT,
                    HEARTBEAT_V2,
                    IGNORABLE,
                    TRANSACTION_CONTEXT,
                    VIEW_CHANGE -> {}
            case TRANSACTION_PAYLOAD,
                    QUERY_COMPRESSED,
                    WRITE_ROWS_COMPRESSED_V1,
                    UPDATE_ROWS_COMPRESSED_V1,
                    DELETE_ROWS_COMPRESSED_V1,
                    WRITE_ROWS_COMPRESSED,
                    UPDATE_ROWS_COMPRESSED,
                    DELETE_ROWS_COMPRESSED ->
                    throw transactions.refused(
                            reader, "the log", "what is compressed is to be inflated before");
            case INTVAR, RAND, USER_VAR -> transactions.setting(reader);
            case APPEND_BLOCK, DELETE_FILE, BEGIN_LOAD_QUERY, EXECUTE_LOAD_QUERY ->
                    transactions.refuse(
                            reader,
                            "the log",
                            "LOAD DATA is logged as its statement and file, not as rows; set"
                                    + " binlog_format=ROW on the source");
            case XA_PREPARE -> transactions.prepare(reader);
            case ANONYMOUS_GTID ->
                    throw transactions.refused(
                            reader,
                            "the log",
                            "a transaction has no GTID; set gtid_mode=ON on the source, and take a new base");
            case INCIDENT ->
                    throw transactions.refused(
                            reader, "the log", "the source says that it lost events here: a hole");
            case START_ENCRYPTION ->
                    throw transactions.refused(
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
                    PRE_GA_DELETE_ROWS ->
                    throw transactions.refused(
                            reader, "the log", "events of this type are not supported");
        }
    }

    /// @param before what the file says came before it
    private void requireNoHole(BinlogReader reader, GtidSet before) {
        if ((reader.header().flags() & EventHeader.FLAG_ARTIFICIAL) != 0) {
            return;
        }
        progress.findMissing(before)
                .ifPresent(
                        gtid -> {
                            throw new Problem(
                                    ErrorCode.FAILED,
                                    "the log has a hole before %s: that file begins behind %s, and neither the base"
                                                    .formatted(reader.file(), gtid)
                                            + " nor the log before it has that transaction",
                                    "copy the missing binary log from the source or another member, or take a new"
                                            + " base with `backstay backup`.");
                        });
    }

    private void requireStopFound() {
        if (transactions.isStopped()) {
            return;
        }
        String missing =
                switch (request.stop()) {
                    case FoldStop.AtEnd() -> "";
                    case FoldStop.AfterGtid(Gtid gtid) -> gtid.toString();
                    case FoldStop.AtPosition(var position) ->
                            sawStopFile ? "" : position.toString();
                };
        if (!missing.isEmpty()) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "cannot stop at %s: the log does not hold it and ends at %s"
                            .formatted(missing, progress.end()),
                    "choose a point before that, or stream more: `backstay stream`.");
        }
    }

    private Fold result() {
        transactionFold.finish();
        var folded = new TreeMap<TableName, FoldedTable>();
        tables.folds()
                .forEach(
                        (name, fold) -> {
                            if (fold.changes().size() > 0 || fold.isBaseVoid()) {
                                folded.put(name, table(fold.definition(), Optional.of(fold)));
                            }
                        });
        for (TableName name : transactionFold.statements().truncated().keySet()) {
            TableDefinition definition = request.tables().get(name);
            if (definition != null) {
                folded.computeIfAbsent(name, _ -> table(definition, Optional.empty()));
            }
        }
        return new Fold(
                Collections.unmodifiableSortedMap(folded),
                Collections.unmodifiableSortedMap(new TreeMap<>(transactionFold.lanesTaken())),
                transactionFold.statements().others(),
                transactionFold.ordered(),
                new FoldSummary(
                        progress.end(),
                        progress.folded(),
                        transactions.transactions(),
                        transactions.passedOver(),
                        transactionFold.applier().rowEvents(),
                        transactionFold.applier().rows(),
                        bytes,
                        transactions.lastSeconds(),
                        transactions.unfinished(),
                        transactions.prepared(),
                        Optional.ofNullable(tornAt)));
    }

    private FoldedTable table(TableDefinition definition, Optional<TableFold> fold) {
        return new FoldedTable(
                definition,
                fold,
                Optional.ofNullable(
                        transactionFold.statements().truncated().get(definition.name())),
                read,
                bytes > request.memory().logBytes());
    }
}
