package io.backstay.binlog.look;

import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.IncidentEvent;
import io.backstay.binlog.LoggedEvent;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.StatementEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.TableMetadata;
import io.backstay.binlog.value.ValueCodec;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a log amounts to: for each row touched, how it was before and how it is after all of it. In
/// memory, without a server.
///
/// - Only committed transactions count; XA changes count at their commit.
/// - A table that cannot be folded exactly is refused by name, with the reason; the others go on.
/// - A change in statement format or an incident may have touched anything: it ends the fold.
///
/// What foreign keys did to other rows is not in the logs of MariaDB, and of MySQL before 9.6. Not
/// safe for use by several threads.
public final class NetChanges {
    /// First words of statements that leave every row as it is.
    private static final Set<String> ROWS_STAY =
            Set.of("GRANT", "REVOKE", "ANALYZE", "FLUSH", "OPTIMIZE");

    private static final Pattern WORD = Pattern.compile("[\\p{Alnum}_$\\x{80}-\\x{10FFFF}]+");

    private final Map<String, List<String>> namedKeys;
    private final ValueCodec codec;
    private final SortedMap<String, NetTable> tables = new TreeMap<>();
    private final Map<String, List<RowChange>> prepared = new LinkedHashMap<>();
    private final List<String> unfinished = new ArrayList<>();
    private List<RowChange> pending = new ArrayList<>();
    private @Nullable LoggedTransaction open;
    private long transactions;

    /// @param namedKeys for `schema.table` the columns that are its key
    public NetChanges(Map<String, List<String>> namedKeys, ValueCodec codec) {
        this.namedKeys = Map.copyOf(namedKeys);
        this.codec = codec;
    }

    /// Takes the walk's present event in.
    ///
    /// @throws Problem if a change is logged as its statement, or the log says it has a hole
    public void add(LogWalk walk) {
        LoggedTransaction transaction = walk.transaction().orElse(null);
        if (transaction != open) {
            abandon();
            open = transaction;
        }
        LoggedEvent event = walk.event();
        switch (event.event()) {
            case RowsEvent rows when rows.tableId() != RowsEvent.DUMMY_TABLE_ID -> rows(walk, rows);
            case QueryEvent query -> statement(event.origin(), query);
            case StatementEvent.ExecuteLoad load ->
                    throw refused(
                            event.origin(),
                            "\""
                                    + StatementKind.shown(load.statement())
                                    + "\" is logged as a statement, not as rows");
            case IncidentEvent incident ->
                    throw refused(
                            event.origin(),
                            "the source says that it lost events here: " + incident.message());
            // carries no change of its own
            default -> {}
        }
        if (transaction != null) {
            end(transaction);
        }
    }

    /// Call it behind the last event.
    public void finish() {
        abandon();
        prepared.keySet().forEach(xa -> unfinished.add("XA " + xa + " (prepared, never ended)"));
    }

    private void abandon() {
        if (open != null && open.ending() == LoggedTransaction.Ending.OPEN) {
            unfinished.add(open.toString());
        }
        pending = new ArrayList<>();
        open = null;
    }

    private void rows(LogWalk walk, RowsEvent rows) {
        TableMapEvent map = walk.requireTable(rows);
        String name = map.schema() + "." + map.table();
        NetTable table = tables.computeIfAbsent(name, _ -> new NetTable(map, key(name, map)));
        EventOrigin origin = walk.event().origin();
        if (!table.hasLayout(map.columns())) {
            table.refuse("its columns change within the log, before " + origin);
        } else if (rows.isPartial()) {
            table.refuse("it has differences of JSON values in place of them at " + origin);
        } else if (!rows.isFull()) {
            table.refuse("row images lack columns at " + origin);
        }
        if (table.refusal().isEmpty()) {
            RowChanges.forEach(walk, codec, pending::add);
        }
    }

    private List<Integer> key(String name, TableMapEvent map) {
        List<String> named = namedKeys.getOrDefault(name, List.of());
        return named.isEmpty()
                ? map.metadata().primaryKey().stream().map(TableMetadata.KeyPart::column).toList()
                : named.stream().map(column -> KeyColumns.column(map, column)).toList();
    }

    private void statement(EventOrigin origin, QueryEvent query) {
        String shown = "\"" + StatementKind.shown(query.statement()) + "\"";
        switch (StatementKind.of(query.statement())) {
            case CHANGE -> throw refused(origin, shown + " is logged as a statement, not as rows");
            case DEFINITION -> definition(origin, query);
            case ROLLBACK_TO, ROLLBACK ->
                    pending.forEach(
                            change ->
                                    requireTable(change)
                                            .refuse(
                                                    "%s at %s takes changes of it back, and not every engine does that"
                                                            .formatted(shown, origin)));
            case XA_COMMIT -> {
                List<RowChange> changes = prepared.remove(xaName(query.statement()));
                if (changes != null) {
                    changes.forEach(change -> requireTable(change).apply(change));
                }
            }
            case XA_ROLLBACK -> prepared.remove(xaName(query.statement()));
            case BEGIN, COMMIT, HARMLESS -> {}
        }
    }

    /// A definition ends what is known of each table that it names; one that names only a schema,
    /// of each table in it.
    private void definition(EventOrigin origin, QueryEvent query) {
        var words = WORD.matcher(query.statement()).results().map(r -> r.group()).toList();
        if (!words.isEmpty() && ROWS_STAY.contains(words.getFirst().toUpperCase(Locale.ROOT))) {
            return;
        }
        tables.forEach(
                (_, table) -> {
                    boolean isNamed =
                            words.stream().anyMatch(word -> isNamed(word, table.map(), words));
                    if (isNamed && table.isTouched()) {
                        table.refuse(
                                "\"%s\" at %s is behind changes of it"
                                        .formatted(StatementKind.shown(query.statement()), origin));
                    }
                });
    }

    private static boolean isNamed(String word, TableMapEvent map, List<String> words) {
        boolean isOfSchema =
                words.stream()
                        .anyMatch(
                                w ->
                                        w.equalsIgnoreCase("DATABASE")
                                                || w.equalsIgnoreCase("SCHEMA"));
        return word.equalsIgnoreCase(map.table())
                || (isOfSchema && word.equalsIgnoreCase(map.schema()))
                // a name that is not one word
                || !WORD.matcher(map.table()).matches();
    }

    private void end(LoggedTransaction transaction) {
        switch (transaction.ending()) {
            case OPEN -> {
                return;
            }
            case COMMITTED -> {
                transactions++;
                pending.forEach(change -> requireTable(change).apply(change));
            }
            case ROLLED_BACK -> transactions++;
            case PREPARED ->
                    prepared.put(
                            transaction.xa().map(Object::toString).orElse("?"),
                            List.copyOf(pending));
        }
        pending = new ArrayList<>();
        open = null;
    }

    private static String xaName(String statement) {
        String[] words = statement.strip().split("\\s+");
        return words.length > 2 ? words[2] : "?";
    }

    private NetTable requireTable(RowChange change) {
        NetTable table = tables.get(change.tableName());
        if (table == null) {
            throw new IllegalStateException("a change without its table: " + change.tableName());
        }
        return table;
    }

    private static Problem refused(EventOrigin origin, String reason) {
        return new Problem(
                ErrorCode.UNSUPPORTED,
                "cannot fold the log: %s (at %s)".formatted(reason, origin),
                "fold the files before it or behind it alone; `backstay binlog stats` shows every such place.");
    }

    /// By `schema.table`.
    public SortedMap<String, NetTable> tables() {
        return tables;
    }

    /// That ended, by commit or rollback.
    public long transactions() {
        return transactions;
    }

    /// Transactions that have no end in the log: nothing of them is counted.
    public List<String> unfinished() {
        return unfinished;
    }
}
