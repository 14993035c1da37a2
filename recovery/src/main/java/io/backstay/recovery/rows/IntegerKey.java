package io.backstay.recovery.rows;

import io.backstay.mysql.Identifier;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The first column of a primary key where it is an integer, whose order needs no collation, read
/// out of a row's LOAD DATA text.
///
/// @param field its number in the text
public record IntegerKey(String column, int field, boolean isUnsigned) {
    private static final Set<String> INTEGERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint");

    /// Empty where there is no primary key, or it begins with another type.
    public static Optional<IntegerKey> find(Table table) {
        if (table.primaryKey().isEmpty()) {
            return Optional.empty();
        }
        List<Column> columns = RowSelect.stored(table);
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column.name().equalsIgnoreCase(table.primaryKey().getFirst())) {
                return INTEGERS.contains(column.dataType())
                        ? Optional.of(
                                new IntegerKey(
                                        column.name(), i, column.columnType().contains("unsigned")))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// @param from the row's first byte
    public long of(byte[] row, int from) {
        int at = from;
        for (int i = 0; i < field; i++) {
            while (row[at] != '\t') {
                at++;
            }
            at++;
        }
        boolean isNegative = row[at] == '-';
        long value = 0;
        for (at += isNegative ? 1 : 0; at < row.length && row[at] >= '0' && row[at] <= '9'; at++) {
            value = 10 * value + row[at] - '0';
        }
        return isNegative ? -value : value;
    }

    public int compare(long a, long b) {
        return isUnsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b);
    }

    public String text(long key) {
        return isUnsigned ? Long.toUnsignedString(key) : Long.toString(key);
    }

    public String quoted() {
        return Identifier.quote(column);
    }
}
