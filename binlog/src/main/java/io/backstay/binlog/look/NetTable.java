package io.backstay.binlog.look;

import io.backstay.binlog.ColumnLayout;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.value.ColumnValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The net changes of one table by key: the first image before, the last image after.
///
/// Not safe for use by several threads.
public final class NetTable {
    private final TableMapEvent map;
    private final KeyIdentity identity;
    private final List<Integer> keyColumns;
    private final Map<List<String>, NetRow> rows = new LinkedHashMap<>();
    private @Nullable String refusal;

    NetTable(TableMapEvent map, List<Integer> keyColumns) {
        this.map = map;
        this.keyColumns = List.copyOf(keyColumns);
        this.refusal = KeyIdentity.refusal(map, keyColumns).orElse(null);
        this.identity = KeyIdentity.of(map, refusal == null ? keyColumns : List.of());
    }

    /// What became of one key.
    public enum Net {
        INSERTED,
        UPDATED,
        DELETED,
        /// As it was, or absent before and after.
        UNCHANGED
    }

    /// @param before as it was ahead of the first change; empty if it was not there
    /// @param after as the last change left it; empty if it is gone
    public record NetRow(Optional<List<ColumnValue>> before, Optional<List<ColumnValue>> after) {

        public Net net() {
            if (before.equals(after)) {
                return Net.UNCHANGED;
            }
            return before.isEmpty() ? Net.INSERTED : after.isEmpty() ? Net.DELETED : Net.UPDATED;
        }
    }

    void refuse(String reason) {
        if (refusal == null) {
            refusal = reason;
            rows.clear();
        }
    }

    boolean hasLayout(List<ColumnLayout> layouts) {
        return map.columns().equals(layouts);
    }

    boolean isTouched() {
        return !rows.isEmpty();
    }

    void apply(RowChange change) {
        if (refusal != null) {
            return;
        }
        change.before().ifPresent(image -> gone(image, change));
        change.after().ifPresent(image -> there(image, change));
    }

    private void gone(List<ColumnValue> image, RowChange change) {
        List<String> key = identity.of(image);
        NetRow known = rows.get(key);
        if (known != null && known.after.isEmpty()) {
            refuse(
                    "a row that is not there is changed at %s: the log has a hole, or changes that are not in it"
                            .formatted(change.origin()));
            return;
        }
        rows.put(
                key,
                known == null
                        ? new NetRow(Optional.of(image), Optional.empty())
                        : new NetRow(known.before, Optional.empty()));
    }

    private void there(List<ColumnValue> image, RowChange change) {
        List<String> key = identity.of(image);
        NetRow known = rows.get(key);
        if (known != null && known.after.isPresent()) {
            refuse(
                    "a row that is there already is inserted at %s: the log has a hole, or changes that are not in it"
                            .formatted(change.origin()));
            return;
        }
        rows.put(
                key,
                known == null
                        ? new NetRow(Optional.empty(), Optional.of(image))
                        : new NetRow(known.before, Optional.of(image)));
    }

    public TableMapEvent map() {
        return map;
    }

    /// The columns that the rows are told apart by, from 0.
    public List<Integer> keyColumns() {
        return keyColumns;
    }

    /// Why it is not folded; then it has no rows.
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /// By key, in the order in which the keys were met.
    public Map<List<String>, NetRow> rows() {
        return rows;
    }

    public long count(Net net) {
        return rows.values().stream().filter(row -> row.net() == net).count();
    }
}
