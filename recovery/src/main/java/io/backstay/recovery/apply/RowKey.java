package io.backstay.recovery.apply;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.KeyColumn;
import io.backstay.mysql.TableDefinition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Columns of one table's rows, out of their LOAD DATA text, as SQL.
final class RowKey {
    private static final Set<String> NUMBERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year");

    private static final Set<String> OTHERS =
            Set.of(
                    "date",
                    "datetime",
                    "timestamp",
                    "time",
                    "bit",
                    "binary",
                    "varbinary",
                    "char",
                    "varchar");

    private final List<ColumnDefinition> columns;
    private final int[] fields;

    private RowKey(List<ColumnDefinition> columns, int[] fields) {
        this.columns = columns;
        this.fields = fields;
    }

    /// Errors: also a column of which no SQL literal gives every value again.
    static RowKey ofPrimaryKey(TableDefinition table) {
        table.primaryKey().forEach(key -> requireLiteral(table, key));
        return of(table, table.primaryKey().stream().map(KeyColumn::name).toList());
    }

    /// Errors: a generated column, which the text does not have.
    static RowKey of(TableDefinition table, List<String> names) {
        List<ColumnDefinition> stored = table.storedColumns();
        var columns = new ArrayList<ColumnDefinition>();
        var fields = new int[names.size()];
        for (int i = 0; i < fields.length; i++) {
            ColumnDefinition column = table.column(names.get(i)).orElseThrow();
            fields[i] = stored.indexOf(column);
            if (fields[i] < 0) {
                throw new Problem(
                        ErrorCode.UNSUPPORTED,
                        "cannot change rows of %s one by one: its key has the generated column %s"
                                .formatted(table.name(), column.name()),
                        "restore the table beside it and compare: `backstay restore --tables`.");
            }
            columns.add(column);
        }
        return new RowKey(columns, fields);
    }

    private static void requireLiteral(TableDefinition table, KeyColumn key) {
        String type = table.column(key.name()).orElseThrow().dataType();
        if (key.prefixLength().isPresent() || !(NUMBERS.contains(type) || OTHERS.contains(type))) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "cannot change rows of %s one by one: its key has %sthe column %s of the type %s"
                            .formatted(
                                    table.name(),
                                    key.prefixLength().isPresent() ? "a part of " : "",
                                    key.name(),
                                    type),
                    "restore the table beside it and compare: `backstay restore --tables`.");
        }
    }

    /// The columns' list in SQL.
    String list() {
        return String.join(", ", columns.stream().map(c -> Identifier.quote(c.name())).toList());
    }

    /// The bytes of the row's fields, which are equal for the same key.
    String identity(byte[] row, int count) {
        String[] all = split(row, count);
        var key = new ArrayList<String>();
        for (int field : fields) {
            key.add(all[field]);
        }
        return String.join("\t", key);
    }

    boolean hasNull(byte[] row) {
        return List.of(identity(row, row.length).split("\t", -1)).contains("\\N");
    }

    /// `(1, 'x')` in SQL.
    String tuple(byte[] row) {
        String[] all = split(row, row.length);
        var values = new ArrayList<String>();
        for (int i = 0; i < fields.length; i++) {
            values.add(literal(columns.get(i), all[fields[i]]));
        }
        return "(" + String.join(", ", values) + ")";
    }

    private static String[] split(byte[] row, int count) {
        return new String(row, 0, count, StandardCharsets.ISO_8859_1).split("\t", -1);
    }

    private static String literal(ColumnDefinition column, String field) {
        if (field.equals("\\N")) {
            return "NULL";
        }
        if (NUMBERS.contains(column.dataType())) {
            return field;
        }
        String hex = "X'" + HexFormat.of().formatHex(unescaped(field)) + "'";
        if (column.characterSet().isPresent()) {
            return "_" + column.characterSet().get() + " " + hex;
        }
        return switch (column.dataType()) {
            case "date", "datetime", "timestamp", "time" -> "'" + field + "'";
            case "bit" -> "CAST(" + hex + " AS UNSIGNED)";
            default -> hex;
        };
    }

    private static byte[] unescaped(String field) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 1 < field.length()) {
                c =
                        switch (field.charAt(++i)) {
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case '0' -> 0;
                            default -> field.charAt(i);
                        };
            }
            out.write(c);
        }
        return out.toByteArray();
    }
}
