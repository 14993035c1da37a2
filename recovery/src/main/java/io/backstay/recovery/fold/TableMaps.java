package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.TableMapEvent;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tables by the numbers that the log gives them. A number lasts for one file at most.
///
/// A table map that repeats the bytes of the last one with its number is not decoded again.
final class TableMaps {
    private final Map<TableName, TableDefinition> definitions;
    private final Map<Long, Bound> byId = new HashMap<>();
    private final SortedMap<TableName, TableFold> folds = new TreeMap<>();

    /// A table that a number stands for: to be folded, or the reason why it cannot be.
    ///
    /// @param body offset of the table map's body in the segment
    record Bound(
            TableName name,
            @Nullable TableFold fold,
            String refusal,
            MemorySegment segment,
            long body,
            long bodyEnd) {}

    TableMaps(Map<TableName, TableDefinition> definitions) {
        this.definitions = definitions;
    }

    void forgetNumbers() {
        byId.clear();
    }

    @Nullable Bound find(long tableId) {
        return byId.get(tableId);
    }

    SortedMap<TableName, TableFold> folds() {
        return folds;
    }

    void read(BinlogReader reader) {
        MemorySegment s = reader.bytes();
        long body = reader.bodyOffset();
        long end = reader.bodyEnd();
        if (end - body >= 6) {
            Bound last = byId.get(Bytes.little(s, body, 6));
            if (last != null
                    && MemorySegment.mismatch(s, body, end, last.segment, last.body, last.bodyEnd)
                            < 0) {
                return;
            }
        }
        TableMapEvent map = (TableMapEvent) reader.decode();
        byId.put(map.tableId(), bind(map, s, body, end));
    }

    private Bound bind(TableMapEvent map, MemorySegment s, long body, long end) {
        var name = new TableName(map.schema(), map.table());
        TableFold known = folds.get(name);
        if (known != null) {
            return known.layouts().equals(map.columns())
                    ? new Bound(name, known, "", s, body, end)
                    : new Bound(name, null, "its columns changed within the log", s, body, end);
        }
        TableDefinition definition = definitions.get(name);
        if (definition == null) {
            return new Bound(name, null, "the base has no such table", s, body, end);
        }
        try {
            TableFold fold =
                    new TableFold(
                            definition,
                            map.columns(),
                            CascadeRisk.of(definition, definitions.values()));
            folds.put(name, fold);
            return new Bound(name, fold, "", s, body, end);
        } catch (TextCodec.UnsupportedColumn e) {
            return new Bound(name, null, String.valueOf(e.getMessage()), s, body, end);
        }
    }
}
