package io.backstay.recovery.backup;

import static java.util.Objects.requireNonNull;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Program;
import io.backstay.recovery.rows.Rows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sequences, routines, views, triggers and events as the server defines them.
final class ProgramReader {
    private final Server server;
    private final List<String> warnings;

    ProgramReader(Server server, List<String> warnings) {
        this.server = server;
        this.warnings = warnings;
    }

    /// In the order to create them.
    List<Program> programs() {
        var programs = new ArrayList<Program>();
        for (List<@Nullable String> row :
                named("TABLE_SCHEMA, TABLE_NAME", "TABLES", "TABLE_TYPE = 'SEQUENCE'")) {
            programs.add(sequence(text(row, 0), text(row, 1)));
        }
        for (List<@Nullable String> row :
                named(
                        "ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE",
                        "ROUTINES",
                        "ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE', 'PACKAGE', 'PACKAGE BODY')")) {
            // SHOW CREATE FUNCTION: name, sql_mode, SQL, client character set, connection collation
            add(programs, text(row, 2), text(row, 0), text(row, 1), 2, 1, 3, 4, -1, null);
        }
        for (List<@Nullable String> row :
                named("TABLE_SCHEMA, TABLE_NAME", "TABLES", "TABLE_TYPE = 'VIEW'")) {
            add(programs, "VIEW", text(row, 0), text(row, 1), 1, -1, 2, 3, -1, null);
        }
        for (List<@Nullable String> row :
                Rows.of(
                        server,
                        "SELECT TRIGGER_SCHEMA, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT"
                                + " IN "
                                + SchemaReader.SYSTEM_SCHEMAS
                                + " ORDER BY TRIGGER_SCHEMA, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION,"
                                + " ACTION_ORDER")) {
            add(programs, "TRIGGER", text(row, 0), text(row, 1), 2, 1, 3, 4, -1, null);
        }
        for (List<@Nullable String> row :
                named("EVENT_SCHEMA, EVENT_NAME, STATUS", "EVENTS", "TRUE")) {
            add(programs, "EVENT", text(row, 0), text(row, 1), 3, 1, 4, 5, 2, row.get(2));
        }
        return programs;
    }

    private Program sequence(String schema, String name) {
        String create =
                text(
                        Rows.of(
                                        server,
                                        "SHOW CREATE SEQUENCE "
                                                + Identifier.quote(new TableName(schema, name)))
                                .getFirst(),
                        1);
        String next =
                server.requireValue(
                        "SELECT next_not_cached_value FROM "
                                + Identifier.quote(new TableName(schema, name)));
        return new Program("SEQUENCE", schema, name, create, null, null, null, null, next);
    }

    private void add(
            List<Program> programs,
            String kind,
            String schema,
            String name,
            int createColumn,
            int modeColumn,
            int characterSetColumn,
            int collationColumn,
            int timeZoneColumn,
            @Nullable String state) {
        List<@Nullable String> row =
                Rows.of(
                                server,
                                "SHOW CREATE "
                                        + kind
                                        + " "
                                        + Identifier.quote(new TableName(schema, name)))
                        .getFirst();
        String create = row.get(createColumn);
        if (create == null) {
            warnings.add(
                    kind.toLowerCase(java.util.Locale.ROOT)
                            + " "
                            + schema
                            + "."
                            + name
                            + " is not in the base: the account may not read its definition");
            return;
        }
        programs.add(
                new Program(
                        kind,
                        schema,
                        name,
                        create,
                        at(row, modeColumn),
                        at(row, characterSetColumn),
                        at(row, collationColumn),
                        at(row, timeZoneColumn),
                        state));
    }

    private List<List<@Nullable String>> named(String columns, String table, String condition) {
        String schemaColumn = columns.substring(0, columns.indexOf(','));
        return Rows.of(
                server,
                "SELECT "
                        + columns
                        + " FROM information_schema."
                        + table
                        + " WHERE "
                        + schemaColumn
                        + " NOT IN "
                        + SchemaReader.SYSTEM_SCHEMAS
                        + " AND "
                        + condition
                        + " ORDER BY 1, 2");
    }

    private static @Nullable String at(List<@Nullable String> row, int column) {
        return column < 0 ? null : row.get(column);
    }

    private static String text(List<@Nullable String> row, int column) {
        return requireNonNull(row.get(column));
    }
}
