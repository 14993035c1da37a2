package io.backstay.recovery.backup;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.rows.RowSelect;
import java.util.stream.Collectors;

/// A part of one table that one session reads, in key order.
///
/// @param condition the range of the first key column; empty for the whole table
record Piece(int tableNumber, Table table, int number, String condition) {

    String select() {
        String from = " FROM " + Identifier.quote(new TableName(table.schema(), table.name()));
        String order =
                table.primaryKey().isEmpty()
                        ? ""
                        : " ORDER BY "
                                + table.primaryKey().stream()
                                        .map(Identifier::quote)
                                        .collect(Collectors.joining(", "));
        return "SELECT " + RowSelect.list(table) + from + condition + order;
    }

    String pathPrefix(String baseId) {
        return "bases/%s/%04d-%03d".formatted(baseId, tableNumber, number);
    }
}
