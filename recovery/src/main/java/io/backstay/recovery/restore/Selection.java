package io.backstay.recovery.restore;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which part of a base is restored, and under which database names.
///
/// @param databases by name; with `tables` empty too: everything
/// @param tables `schema.table`
/// @param renames new database name by old one; a database that is renamed is wanted
/// @param withoutForeignKeys foreign keys whose parent is not restored are left out, where they are
///   an error else
public record Selection(
        Set<String> databases,
        Set<String> tables,
        Map<String, String> renames,
        boolean withoutForeignKeys) {

    public Selection {
        databases = new TreeSet<>(databases);
        tables = new TreeSet<>(tables);
        renames = new TreeMap<>(renames);
        for (String table : tables) {
            if (table.indexOf('.') < 1 || table.endsWith(".")) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "--tables: expected DATABASE.TABLE, found '" + table + "'",
                        "write `--tables shop.customer,shop.product`.");
            }
        }
        if (Set.copyOf(renames.values()).size() != renames.size()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--rename-database: two databases would become one: " + renames,
                    "give each a name of its own.");
        }
    }

    public static Selection all() {
        return new Selection(Set.of(), Set.of(), Map.of(), false);
    }

    public boolean isAll() {
        return databases.isEmpty() && tables.isEmpty() && renames.isEmpty();
    }

    boolean wants(String schema, String table) {
        return isAll()
                || databases.contains(schema)
                || tables.contains(schema + "." + table)
                || (renames.containsKey(schema) && databases.isEmpty() && tables.isEmpty());
    }

    /// Whether a database comes with all that is in it.
    boolean wantsWhole(String schema) {
        return isAll()
                || databases.contains(schema)
                || (renames.containsKey(schema) && databases.isEmpty() && tables.isEmpty());
    }

    String renamed(String schema) {
        return renames.getOrDefault(schema, schema);
    }

    /// For people and certificates.
    @Override
    public String toString() {
        if (isAll()) {
            return "all";
        }
        var text = new StringBuilder();
        text.append(databases.isEmpty() ? "" : "databases " + String.join(", ", databases));
        text.append(tables.isEmpty() ? "" : " tables " + String.join(", ", tables));
        renames.forEach((from, to) -> text.append(" ").append(from).append(" as ").append(to));
        text.append(withoutForeignKeys ? " without foreign keys to others" : "");
        return text.toString().strip();
    }
}
