package io.backstay.recovery.fold;

import io.backstay.mysql.TableName;
import java.util.Optional;
import java.util.SortedMap;

/// The net row changes of a log, table by table. Immutable once made; may be read by many threads.
///
/// @param tables those with a row changed, if only there and back
public record Fold(SortedMap<TableName, FoldedTable> tables, FoldSummary summary) {

    public Optional<FoldedTable> find(TableName table) {
        return Optional.ofNullable(tables.get(table));
    }
}
