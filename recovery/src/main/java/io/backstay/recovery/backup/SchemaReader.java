package io.backstay.recovery.backup;

import static java.util.Objects.requireNonNull;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.KeyColumn;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Schema;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.RowDigest;
import io.backstay.recovery.rows.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Schemas and tables as the server defines them. What cannot be copied consistently is refused by
/// name, all of it at once.
final class SchemaReader {
    /// Schemas of the server itself.
    static final String SYSTEM_SCHEMAS =
            "('mysql', 'information_schema', 'performance_schema', 'sys')";

    private final Server server;

    SchemaReader(Server server) {
        this.server = server;
    }

    List<Schema> schemas() {
        var schemas = new ArrayList<Schema>();
        for (List<@Nullable String> row :
                Rows.of(
                        server,
                        "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN "
                                + SYSTEM_SCHEMAS
                                + " ORDER BY SCHEMA_NAME")) {
            String name = requireNonNull(row.get(0));
            schemas.add(
                    new Schema(
                            name,
                            requireNonNull(
                                    Rows.of(
                                                    server,
                                                    "SHOW CREATE DATABASE "
                                                            + Identifier.quote(name))
                                            .getFirst()
                                            .get(1))));
        }
        return schemas;
    }

    /// All base tables, without rows yet.
    List<Table> tables() {
        Map<TableName, TableDefinition> definitions = Schemas.tables(server);
        var tables = new ArrayList<Table>();
        var refusals = new ArrayList<String>();
        for (List<@Nullable String> row :
                Rows.of(
                        server,
                        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, AUTO_INCREMENT FROM"
                                + " information_schema.TABLES WHERE TABLE_SCHEMA NOT IN "
                                + SYSTEM_SCHEMAS
                                + " AND TABLE_TYPE NOT IN ('VIEW', 'SYSTEM VIEW', 'SEQUENCE') ORDER BY"
                                + " TABLE_SCHEMA, TABLE_NAME")) {
            String schema = requireNonNull(row.get(0));
            String name = requireNonNull(row.get(1));
            String type = requireNonNull(row.get(2));
            String engine = row.get(3);
            if (!type.equals("BASE TABLE")) {
                refusals.add(
                        schema
                                + "."
                                + name
                                + " ("
                                + type.toLowerCase(java.util.Locale.ROOT)
                                + " table)");
            } else if (!"InnoDB".equals(engine)) {
                refusals.add(schema + "." + name + " (engine " + engine + " has no snapshot)");
            } else {
                tables.add(table(schema, name, engine, row.get(4), definitions));
            }
        }
        if (!refusals.isEmpty()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "backup cannot copy consistently: " + String.join(", ", refusals),
                    "convert these tables with `ALTER TABLE ... ENGINE=InnoDB` (and drop system versioning), or back"
                            + " them up by other means.");
        }
        return tables;
    }

    private Table table(
            String schema,
            String name,
            String engine,
            @Nullable String autoIncrement,
            Map<TableName, TableDefinition> definitions) {
        var table = new TableName(schema, name);
        TableDefinition definition = requireNonNull(definitions.get(table));
        List<Column> columns =
                definition.columns().stream()
                        .map(
                                column ->
                                        new Column(
                                                column.name(),
                                                column.dataType(),
                                                column.columnType(),
                                                column.generated()
                                                        != ColumnDefinition.Generated.NOT))
                        .toList();
        String createSql =
                requireNonNull(
                        Rows.of(server, "SHOW CREATE TABLE " + Identifier.quote(table))
                                .getFirst()
                                .get(1));
        return new Table(
                schema,
                name,
                engine,
                createSql,
                columns,
                definition.primaryKey().stream().map(KeyColumn::name).toList(),
                definition,
                autoIncrement,
                0,
                new RowDigest().toString(),
                List.of());
    }
}
