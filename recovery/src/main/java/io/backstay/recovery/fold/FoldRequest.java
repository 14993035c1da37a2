package io.backstay.recovery.fold;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.util.Map;

/// What a fold starts from and where it ends.
///
/// @param tables every table of the base, as the source had it at the base's moment
/// @param after the base's GTID state; transactions in it are passed over
public record FoldRequest(
        Map<TableName, TableDefinition> tables, MariaDbGtidState after, FoldStop stop) {

    public FoldRequest {
        tables = Map.copyOf(tables);
    }
}
