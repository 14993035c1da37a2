package io.backstay.binlog.look;

import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.value.ColumnValue;
import java.util.List;
import java.util.Optional;

/// One row changed by one transaction.
///
/// @param origin of the rows event
/// @param statement it comes from, if the source annotates
/// @param before a value for each column; empty for an insert
/// @param after empty for a delete
public record RowChange(
        EventOrigin origin,
        LoggedTransaction transaction,
        Optional<String> statement,
        TableMapEvent table,
        RowsEvent.Change change,
        Optional<List<ColumnValue>> before,
        Optional<List<ColumnValue>> after) {

    /// `schema.table`
    public String tableName() {
        return table.schema() + "." + table.table();
    }

    /// A column's name, or `@3` where the log does not tell names.
    public static String columnName(TableMapEvent table, int column) {
        return table.metadata().column(column).name().orElse("@" + (column + 1));
    }

    /// `a=1 b='x'`, without the columns that the image lacks.
    public static String shown(TableMapEvent table, List<ColumnValue> image) {
        var text = new StringBuilder();
        for (int i = 0; i < image.size(); i++) {
            if (!image.get(i).isAbsent()) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(columnName(table, i))
                        .append('=')
                        .append(image.get(i).shown());
            }
        }
        return text.toString();
    }
}
