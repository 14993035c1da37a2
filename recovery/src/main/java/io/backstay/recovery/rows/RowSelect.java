package io.backstay.recovery.rows;

import io.backstay.mysql.Identifier;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The SELECT that reads a table's rows so that each value has one spelling.
public final class RowSelect {
    private RowSelect() {}

    /// The columns a chunk holds and LOAD DATA sets: all that are not generated.
    public static List<Column> stored(Table table) {
        return table.columns().stream().filter(column -> !column.generated()).toList();
    }

    /// The select list: floating numbers as DOUBLE (a FLOAT's own text loses digits), ZEROFILL
    /// numbers without their zeros, an ENUM with an empty member by number. Behind them, where
    /// MySQL has JSON columns, one field with the types in their documents ([JsonTypes]).
    public static String list(Table table) {
        List<Column> json = json(table);
        return stored(table).stream().map(RowSelect::expression).collect(Collectors.joining(", "))
                + (json.isEmpty() ? "" : ", " + JsonTypes.expression(json));
    }

    /// Columns of the type JSON that are loaded; MariaDB has none.
    public static List<Column> json(Table table) {
        return stored(table).stream().filter(column -> column.dataType().equals("json")).toList();
    }

    public static boolean[] isFloating(Table table) {
        List<Column> columns = stored(table);
        var floating = new boolean[columns.size() + (json(table).isEmpty() ? 0 : 1)];
        for (int i = 0; i < columns.size(); i++) {
            floating[i] = isFloating(columns.get(i));
        }
        return floating;
    }

    private static String expression(Column column) {
        String name = Identifier.quote(column.name());
        String type = column.columnType().toLowerCase(Locale.ROOT);
        if (isFloating(column)) {
            return "CAST(" + name + " AS DOUBLE)";
        }
        if (isByNumber(column)) {
            return "CAST(" + name + " AS UNSIGNED)";
        }
        if (type.contains("zerofill")) {
            return type.startsWith("decimal")
                    ? "CAST(" + name + " AS " + type.substring(0, type.indexOf(')') + 1) + ")"
                    : "CAST(" + name + " AS UNSIGNED)";
        }
        return name;
    }

    /// An ENUM whose empty text may be a member or the server's mark for a wrong value: its number
    /// tells which.
    public static boolean isByNumber(Column column) {
        return column.dataType().equals("enum") && column.columnType().contains("''");
    }

    private static boolean isFloating(Column column) {
        return column.dataType().equals("float") || column.dataType().equals("double");
    }
}
