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
    /// @param isUnexplained its columns are not the base's, as far as the log can tell
    /// @param eventOffset of the table map in the segment
    /// @param body offset of the table map's body in the segment
    record Bound(
            TableName name,
            @Nullable TableFold fold,
            String refusal,
            boolean isUnexplained,
            MemorySegment segment,
            long eventOffset,
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

    /// The table's definition in the base.
    @Nullable TableDefinition definition(TableName name) {
        return definitions.get(name);
    }

    /// Whether the server may change rows of other tables because of changes of this one.
    boolean hasCascade(TableName name) {
        TableDefinition definition = definitions.get(name);
        return definition != null && !CascadeRisk.of(definition, definitions.values()).isEmpty();
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
        byId.put(map.tableId(), bind(map, s, reader.offset(), body, end));
    }

    private Bound bind(TableMapEvent map, MemorySegment s, long event, long body, long end) {
        var name = new TableName(map.schema(), map.table());
        TableFold known = folds.get(name);
        TableDefinition definition = definitions.get(name);
        String refusal = "";
        boolean isUnexplained = false;
        if (known != null && !known.layouts().equals(map.columns())) {
            refusal = "its columns are not what they were before";
            isUnexplained = true;
        } else if (definition == null) {
            refusal = "the base has no such table";
        } else if (definition.columns().size() != map.columns().size()) {
            refusal =
                    "it has %d columns by its definition and %d in the log"
                            .formatted(definition.columns().size(), map.columns().size());
            isUnexplained = true;
        } else if (known == null) {
            try {
                known =
                        new TableFold(
                                definition,
                                map.columns(),
                                CascadeRisk.of(definition, definitions.values()),
                                s.asSlice(body, end - body));
                folds.put(name, known);
            } catch (TextCodec.UnsupportedColumn e) {
                refusal = String.valueOf(e.getMessage());
            }
        }
        return new Bound(
                name,
                refusal.isEmpty() ? known : null,
                refusal,
                isUnexplained,
                s,
                event,
                body,
                end);
    }
}
