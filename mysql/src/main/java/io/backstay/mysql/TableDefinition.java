package io.backstay.mysql;

import java.util.List;
import java.util.Optional;

/// One table as `information_schema` tells it.
///
/// @param engine empty for a view
/// @param columns in table order, at least one
/// @param primaryKey in key order, empty if there is none
public record TableDefinition(
        TableName name,
        Kind kind,
        Optional<String> engine,
        List<ColumnDefinition> columns,
        List<KeyColumn> primaryKey,
        List<ForeignKey> foreignKeys) {

    /// What stands behind a table's name.
    public enum Kind {
        BASE_TABLE,
        VIEW,
        SEQUENCE,
        SYSTEM_VERSIONED
    }

    public TableDefinition {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        foreignKeys = List.copyOf(foreignKeys);
    }

    public Optional<ColumnDefinition> column(String columnName) {
        return columns.stream().filter(c -> c.name().equalsIgnoreCase(columnName)).findFirst();
    }

    /// The columns a statement may set: all but the generated ones.
    public List<ColumnDefinition> storedColumns() {
        return columns.stream()
                .filter(c -> c.generated() == ColumnDefinition.Generated.NOT)
                .toList();
    }
}
