package io.backstay.mysql;

import java.util.Optional;

/// One column as `information_schema.COLUMNS` tells it.
///
/// @param position from 1, in the order of the table map
/// @param dataType lower case, without length: `bigint`, `varchar`, `uuid`
/// @param columnType in full: `bigint(20) unsigned`, `enum('a','b')`
/// @param characterSet empty for a type without one
/// @param collation empty for a type without one
public record ColumnDefinition(
        String name,
        int position,
        String dataType,
        String columnType,
        boolean isUnsigned,
        Optional<String> characterSet,
        Optional<String> collation,
        boolean isNullable,
        Generated generated,
        boolean isInvisible,
        boolean isAutoIncrement) {

    /// Where a column's value comes from: a statement, or an expression.
    public enum Generated {
        NOT,
        VIRTUAL,
        STORED
    }
}
