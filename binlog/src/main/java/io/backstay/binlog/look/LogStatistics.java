package io.backstay.binlog.look;

import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.FormatDescriptionEvent;
import io.backstay.binlog.IncidentEvent;
import io.backstay.binlog.LoggedEvent;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.StatementEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.value.RowImages;
import io.backstay.binlog.value.ValueCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The figures of a log: gathered event by event, asked at the end. Not safe for use by several
/// threads.
public final class LogStatistics {
    /// Longer lists are cut here; their length is still told.
    public static final int LIST_MAX = 1000;

    private static final int BIGGEST = 10;

    private final Map<String, EventCount> events = new TreeMap<>();
    private final Map<String, TableCount> tables = new TreeMap<>();
    private final List<Definition> definitions = new ArrayList<>();
    private final Map<String, Obstacle> obstacles = new TreeMap<>();
    private final List<Big> biggest = new ArrayList<>();
    private final List<String> servers = new ArrayList<>();
    private @Nullable LoggedTransaction open;
    private long openBytes;
    private long openRows;
    private long files;
    private long bytes;
    private long transactions;
    private long rolledBack;
    private long unfinished;
    private long definitionCount;
    private @Nullable Instant first;
    private @Nullable Instant last;
    private @Nullable String firstGtid;
    private @Nullable String lastGtid;

    /// Events of one type.
    public record EventCount(long count, long bytes) {}

    /// Changes of one table, transactions that were rolled back included.
    ///
    /// @param events rows events
    /// @param bytes of those
    public record TableCount(long inserted, long updated, long deleted, long events, long bytes) {
        static final TableCount ZERO = new TableCount(0, 0, 0, 0, 0);

        public long rows() {
            return inserted + updated + deleted;
        }
    }

    /// A definition statement and its place.
    public record Definition(EventOrigin origin, Instant time, String statement) {}

    /// What keeps changes from being folded by their row's key: how often, and where first.
    public record Obstacle(long count, EventOrigin first, String detail) {}

    /// One of the biggest transactions.
    public record Big(String gtid, EventOrigin origin, long bytes, long rows) {}

    /// Takes the walk's present event in.
    public void add(LogWalk walk) {
        LoggedEvent event = walk.event();
        long size = event.header().sizeBytes();
        if (walk.isFileFirst()) {
            abandon();
            files++;
            bytes += 4;
        }
        if (!event.isFromPayload()) {
            bytes += event.endOffset() - event.origin().offsetBytes();
        }
        events.merge(
                event.type().name(),
                new EventCount(1, size),
                (a, b) -> new EventCount(a.count + b.count, a.bytes + b.bytes));
        walk.transaction().ifPresent(transaction -> begin(transaction, event));
        read(walk, event);
        walk.transaction()
                .filter(t -> t.ending() != LoggedTransaction.Ending.OPEN)
                .ifPresent(this::end);
    }

    private void begin(LoggedTransaction transaction, LoggedEvent event) {
        if (open != transaction) {
            abandon();
            open = transaction;
            openRows = 0;
            openBytes = 0;
            time(transaction.time());
            String gtid = transaction.gtid().map(Object::toString).orElse(null);
            firstGtid = firstGtid == null ? gtid : firstGtid;
            lastGtid = gtid == null ? lastGtid : gtid;
        }
        if (!event.isFromPayload()) {
            openBytes = event.endOffset() - transaction.begin().offsetBytes();
        }
    }

    private void time(Instant time) {
        if (time.getEpochSecond() != 0) {
            first = first == null || time.isBefore(first) ? time : first;
            last = last == null || time.isAfter(last) ? time : last;
        }
    }

    private void abandon() {
        if (open != null) {
            unfinished++;
            obstacle("unfinished transaction", open.begin(), open.toString());
        }
        open = null;
    }

    private void read(LogWalk walk, LoggedEvent event) {
        switch (event.event()) {
            case FormatDescriptionEvent format -> {
                if (!servers.contains(format.serverVersion())) {
                    servers.add(format.serverVersion());
                }
            }
            case RowsEvent rows when rows.tableId() != RowsEvent.DUMMY_TABLE_ID ->
                    rows(walk, event, rows);
            case QueryEvent query -> statement(walk, event, query);
            case StatementEvent.ExecuteLoad load ->
                    obstacle(
                            "change logged as its statement",
                            event.origin(),
                            StatementKind.shown(load.statement()));
            case IncidentEvent incident ->
                    obstacle("hole in the log (incident)", event.origin(), incident.message());
            // nothing to count but themselves
            default -> {}
        }
    }

    private void rows(LogWalk walk, LoggedEvent event, RowsEvent rows) {
        TableMapEvent table = walk.requireTable(rows);
        String name = table.schema() + "." + table.table();
        long count = 0;
        var images = new RowImages(rows, table, event.bytes(), event.origin(), ValueCodec.EXACT);
        while (images.skip()) {
            count++;
        }
        openRows += count;
        TableCount before = tables.getOrDefault(name, TableCount.ZERO);
        tables.put(
                name,
                new TableCount(
                        before.inserted + (rows.change() == RowsEvent.Change.INSERT ? count : 0),
                        before.updated + (rows.change() == RowsEvent.Change.UPDATE ? count : 0),
                        before.deleted + (rows.change() == RowsEvent.Change.DELETE ? count : 0),
                        before.events + 1,
                        before.bytes + event.header().sizeBytes()));
        if (rows.isPartial()) {
            obstacle("differences of JSON values in place of them", event.origin(), name);
        } else if (!rows.isFull()) {
            obstacle("row images that lack columns", event.origin(), name);
        }
    }

    private void statement(LogWalk walk, LoggedEvent event, QueryEvent query) {
        String shown = StatementKind.shown(query.statement());
        switch (StatementKind.of(query.statement())) {
            case CHANGE -> obstacle("change logged as its statement", event.origin(), shown);
            case DEFINITION -> {
                definitionCount++;
                if (definitions.size() < LIST_MAX) {
                    Instant time = walk.transaction().orElseThrow().time();
                    definitions.add(new Definition(event.origin(), time, shown));
                }
                obstacle("definition: what is before and behind it", event.origin(), shown);
            }
            case ROLLBACK_TO -> obstacle("rollback to a savepoint", event.origin(), shown);
            case XA_COMMIT, XA_ROLLBACK -> obstacle("XA transaction", event.origin(), shown);
            case BEGIN, COMMIT, ROLLBACK, HARMLESS -> {}
        }
    }

    private void obstacle(String what, EventOrigin origin, String detail) {
        Obstacle known = obstacles.get(what);
        obstacles.put(
                what,
                known == null
                        ? new Obstacle(1, origin, detail)
                        : new Obstacle(known.count + 1, known.first, known.detail));
    }

    private void end(LoggedTransaction transaction) {
        transactions++;
        if (transaction.ending() == LoggedTransaction.Ending.ROLLED_BACK) {
            rolledBack++;
        }
        if (biggest.size() < BIGGEST || openBytes > biggest.getLast().bytes) {
            biggest.add(new Big(transaction.toString(), transaction.begin(), openBytes, openRows));
            biggest.sort(Comparator.comparingLong(Big::bytes).reversed());
            if (biggest.size() > BIGGEST) {
                biggest.removeLast();
            }
        }
        open = null;
    }

    /// Call it behind the last event: a transaction that is open then has no end in the log.
    public void finish() {
        abandon();
    }

    public Map<String, EventCount> events() {
        return events;
    }

    public Map<String, TableCount> tables() {
        return tables;
    }

    /// At most [#LIST_MAX].
    public List<Definition> definitions() {
        return definitions;
    }

    public long definitionCount() {
        return definitionCount;
    }

    public Map<String, Obstacle> obstacles() {
        return obstacles;
    }

    /// By bytes in the log, the biggest first.
    public List<Big> biggest() {
        return biggest;
    }

    /// Versions, in the order they were met.
    public List<String> servers() {
        return servers;
    }

    public long files() {
        return files;
    }

    public long bytes() {
        return bytes;
    }

    /// Those with an end, rolled back ones included.
    public long transactions() {
        return transactions;
    }

    public long rolledBack() {
        return rolledBack;
    }

    public long unfinished() {
        return unfinished;
    }

    public Optional<Instant> firstTime() {
        return Optional.ofNullable(first);
    }

    public Optional<Instant> lastTime() {
        return Optional.ofNullable(last);
    }

    public Optional<String> firstGtid() {
        return Optional.ofNullable(firstGtid);
    }

    public Optional<String> lastGtid() {
        return Optional.ofNullable(lastGtid);
    }
}
