package io.backstay.binlog.look;

import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.value.ColumnValue;
import io.backstay.binlog.value.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Every change of one row: found by its key in the image before or after.
///
/// A change is told when its transaction has ended: its commit then is a fact. Changes of
/// transactions that were rolled back or never ended are told as such. Not safe for use by several
/// threads.
public final class RowHistory {
    private final String table;
    private final List<String> key;
    private final List<String> named;
    private final ValueCodec codec;
    private final Consumer<RowChange> sink;
    private final List<RowChange> pending = new ArrayList<>();
    private @Nullable LoggedTransaction of;
    private Optional<KeyColumns> columns = Optional.empty();
    private long rowsSeen;

    /// @param table `schema.table`
    /// @param key a value for each column of the key, as [ColumnValue#text] has it
    /// @param named the key's columns, or empty to go by what the log says
    public RowHistory(
            String table,
            List<String> key,
            List<String> named,
            ValueCodec codec,
            Consumer<RowChange> sink) {
        this.table = table;
        this.key = List.copyOf(key);
        this.named = List.copyOf(named);
        this.codec = codec;
        this.sink = sink;
    }

    /// Takes the walk's present event in.
    public void add(LogWalk walk) {
        LoggedTransaction transaction = walk.transaction().orElse(null);
        if (transaction != of) {
            tell();
            of = transaction;
        }
        if (walk.event().event() instanceof RowsEvent rows
                && rows.tableId() != RowsEvent.DUMMY_TABLE_ID) {
            var map = walk.requireTable(rows);
            if (table.equals(map.schema() + "." + map.table())) {
                KeyColumns found = KeyColumns.of(map, named, key.size());
                columns = Optional.of(found);
                RowChanges.forEach(walk, codec, change -> keep(change, found));
            }
        }
        if (transaction != null && transaction.ending() != LoggedTransaction.Ending.OPEN) {
            tell();
        }
    }

    /// Call it behind the last event.
    public void finish() {
        tell();
    }

    private void keep(RowChange change, KeyColumns found) {
        rowsSeen++;
        if (matches(change.before(), found) || matches(change.after(), found)) {
            pending.add(change);
        }
    }

    private boolean matches(Optional<List<ColumnValue>> image, KeyColumns found) {
        if (image.isEmpty()) {
            return false;
        }
        for (int i = 0; i < key.size(); i++) {
            if (!isValue(image.get().get(found.columns().get(i)), key.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// Bytes match by their digits, `x'00ff'` or `00ff`; an integer of unknown sign by either
    /// reading.
    private static boolean isValue(ColumnValue value, String asked) {
        return switch (value.kind()) {
            case ABSENT, NULL -> false;
            case HEX ->
                    value.text().equalsIgnoreCase(asked) || value.shown().equalsIgnoreCase(asked);
            case PLAIN ->
                    value.text().equals(asked)
                            || (value.text().endsWith(")")
                                    && (value.text().startsWith(asked + " (")
                                            || value.text().endsWith(" (" + asked + ")")));
            case TEXT, JSON, JSON_DIFFERENCES -> value.text().equals(asked);
        };
    }

    private void tell() {
        pending.forEach(sink);
        pending.clear();
    }

    /// How the key's columns were known; empty if the table had no change at all.
    public Optional<KeyColumns> columns() {
        return columns;
    }

    /// Changes of the whole table that were looked at.
    public long rowsSeen() {
        return rowsSeen;
    }
}
