package io.backstay.recovery.fold;

import io.backstay.mysql.TableName;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What a log amounts to, table by table. Immutable once made; may be read by many threads.
///
/// @param tables net changes of those with a row changed, if only there and back; of a table that
///   left the fold, up to there
/// @param lanes of every table that the log touches; one not in here is as the base has it
/// @param statements that no lane tells of
/// @param ordered what is to be executed behind base and net changes
public record Fold(
        SortedMap<TableName, FoldedTable> tables,
        SortedMap<TableName, TableLane> lanes,
        List<OtherStatement> statements,
        OrderedLog ordered,
        FoldSummary summary) {

    public Optional<FoldedTable> find(TableName table) {
        return Optional.ofNullable(tables.get(table));
    }
}
