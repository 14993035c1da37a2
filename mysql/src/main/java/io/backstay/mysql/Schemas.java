package io.backstay.mysql;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The user's schemas and tables of a server, as `information_schema` tells them to this account:
/// what the account may not see is not there.
public final class Schemas {
    /// The schemas that belong to the server itself.
    public static final Set<String> SYSTEM =
            Set.of("information_schema", "mysql", "performance_schema", "sys");

    private Schemas() {}

    /// Names of all schemas but the server's own, sorted. Empty schemas are in.
    public static List<String> list(Server server) {
        return server
                .rows("SELECT schema_name AS s FROM information_schema.schemata ORDER BY 1")
                .stream()
                .map(row -> row.require("s"))
                .filter(name -> !SYSTEM.contains(name))
                .toList();
    }

    /// Every table, view and sequence of the user's schemas, by name.
    public static SortedMap<TableName, TableDefinition> tables(Server server) {
        var tables = new TreeMap<TableName, TableDefinition>();
        for (String schema : list(server)) {
            tables.putAll(tables(server, schema));
        }
        return tables;
    }

    /// Every table, view and sequence of one schema, by name; empty also for a schema that is not
    /// there.
    public static SortedMap<TableName, TableDefinition> tables(Server server, String schema) {
        String where = Identifier.text(schema);
        Map<String, List<ColumnDefinition>> columns = columns(server, where);
        Map<String, List<KeyColumn>> primaryKeys = primaryKeys(server, where);
        Map<String, List<ForeignKey>> foreignKeys = foreignKeys(server, where);
        var tables = new TreeMap<TableName, TableDefinition>();
        for (var row :
                server.rows(
                        "SELECT table_name AS t, table_type AS k, engine AS e"
                                + " FROM information_schema.tables WHERE table_schema = "
                                + where)) {
            String table = row.require("t");
            var name = new TableName(schema, table);
            tables.put(
                    name,
                    new TableDefinition(
                            name,
                            kind(name, row.require("k")),
                            row.find("e"),
                            columns.getOrDefault(table, List.of()),
                            primaryKeys.getOrDefault(table, List.of()),
                            foreignKeys.getOrDefault(table, List.of())));
        }
        return tables;
    }

    /// The statement that makes the table, as the server prints it.
    public static String createStatement(Server server, TableName table) {
        var row = server.rows("SHOW CREATE TABLE " + Identifier.quote(table)).getFirst();
        return row.has("Create Table") ? row.require("Create Table") : row.require("Create View");
    }

    private static TableDefinition.Kind kind(TableName table, String type) {
        return switch (type) {
            case "BASE TABLE" -> TableDefinition.Kind.BASE_TABLE;
            case "VIEW" -> TableDefinition.Kind.VIEW;
            case "SEQUENCE" -> TableDefinition.Kind.SEQUENCE;
            case "SYSTEM VERSIONED" -> TableDefinition.Kind.SYSTEM_VERSIONED;
            default ->
                    throw new Problem(
                            ErrorCode.UNSUPPORTED,
                            table + " is of the unknown type '" + type + "'",
                            "leave its schema out.");
        };
    }

    private static Map<String, List<ColumnDefinition>> columns(Server server, String where) {
        String rows =
                "SELECT table_name AS t, column_name AS c, ordinal_position AS p, data_type AS d,"
                        + " column_type AS ct, character_set_name AS cs, collation_name AS co,"
                        + " is_nullable AS n, extra AS x FROM information_schema.columns"
                        + " WHERE table_schema = "
                        + where
                        + " ORDER BY table_name, ordinal_position";
        var columns = new TreeMap<String, List<ColumnDefinition>>();
        for (var row : server.rows(rows)) {
            String columnType = row.require("ct");
            String extra = row.require("x").toUpperCase(java.util.Locale.ROOT);
            columns.computeIfAbsent(row.require("t"), _ -> new ArrayList<>())
                    .add(
                            new ColumnDefinition(
                                    row.require("c"),
                                    Integer.parseInt(row.require("p")),
                                    row.require("d").toLowerCase(java.util.Locale.ROOT),
                                    columnType,
                                    columnType.contains(" unsigned")
                                            && !columnType.startsWith("enum")
                                            && !columnType.startsWith("set"),
                                    row.find("cs"),
                                    row.find("co"),
                                    "YES".equals(row.require("n")),
                                    generated(extra),
                                    extra.contains("INVISIBLE"),
                                    extra.contains("AUTO_INCREMENT")));
        }
        return columns;
    }

    private static ColumnDefinition.Generated generated(String extra) {
        return extra.contains("VIRTUAL GENERATED")
                ? ColumnDefinition.Generated.VIRTUAL
                : extra.contains("STORED GENERATED")
                        ? ColumnDefinition.Generated.STORED
                        : ColumnDefinition.Generated.NOT;
    }

    private static Map<String, List<KeyColumn>> primaryKeys(Server server, String where) {
        String rows =
                "SELECT table_name AS t, column_name AS c, sub_part AS s"
                        + " FROM information_schema.statistics WHERE index_name = 'PRIMARY'"
                        + " AND table_schema = "
                        + where
                        + " ORDER BY table_name, seq_in_index";
        var keys = new TreeMap<String, List<KeyColumn>>();
        for (var row : server.rows(rows)) {
            OptionalInt part =
                    row.find("s")
                            .map(Integer::parseInt)
                            .map(OptionalInt::of)
                            .orElse(OptionalInt.empty());
            keys.computeIfAbsent(row.require("t"), _ -> new ArrayList<>())
                    .add(new KeyColumn(row.require("c"), part));
        }
        return keys;
    }

    private static Map<String, List<ForeignKey>> foreignKeys(Server server, String where) {
        String rows =
                "SELECT k.table_name AS t, k.constraint_name AS n, k.column_name AS c,"
                        + " k.referenced_table_schema AS ps, k.referenced_table_name AS pt,"
                        + " k.referenced_column_name AS pc, r.update_rule AS u, r.delete_rule AS d"
                        + " FROM information_schema.key_column_usage k"
                        + " JOIN information_schema.referential_constraints r"
                        + " ON r.constraint_schema = k.constraint_schema"
                        + " AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name"
                        + " WHERE k.referenced_table_name IS NOT NULL AND k.table_schema = "
                        + where
                        + " ORDER BY k.table_name, k.constraint_name, k.ordinal_position";
        var byKey =
                server.rows(rows).stream()
                        .collect(
                                Collectors.groupingBy(
                                        row -> List.of(row.require("t"), row.require("n")),
                                        java.util.LinkedHashMap::new,
                                        Collectors.toList()));
        var keys = new TreeMap<String, List<ForeignKey>>();
        byKey.forEach(
                (name, columns) ->
                        keys.computeIfAbsent(name.getFirst(), _ -> new ArrayList<>())
                                .add(foreignKey(name.getLast(), columns)));
        return keys;
    }

    private static ForeignKey foreignKey(String name, List<SqlRow> columns) {
        var first = columns.getFirst();
        return new ForeignKey(
                name,
                columns.stream().map(row -> row.require("c")).toList(),
                new TableName(first.require("ps"), first.require("pt")),
                columns.stream().map(row -> row.require("pc")).toList(),
                rule(first.require("u")),
                rule(first.require("d")));
    }

    private static ForeignKey.Rule rule(String rule) {
        return ForeignKey.Rule.valueOf(rule.replace(' ', '_'));
    }
}
