package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.BaseDocument.Program;
import io.backstay.recovery.archive.BaseDocument.Schema;
import io.backstay.recovery.archive.BaseDocument.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// All of a dump but its rows, as it is read.
final class DumpContents {
    private static final Pattern VERSION = Pattern.compile("Server version\\s+(\\S+)");
    private static final Pattern SETVAL =
            Pattern.compile("(?i)SETVAL\\(\\s*(`(?:[^`]|``)*`)\\s*,\\s*(-?\\d+)\\s*,\\s*(\\d)");
    private static final List<String> ORDER =
            List.of(
                    "SEQUENCE",
                    "PACKAGE",
                    "PACKAGE BODY",
                    "FUNCTION",
                    "PROCEDURE",
                    "VIEW",
                    "TRIGGER",
                    "EVENT");

    private final Map<String, Schema> schemas = new TreeMap<>();
    private final List<Table> tables = new ArrayList<>();
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final List<String> accounts = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> losses = new ArrayList<>();
    private final TreeSet<String> systemSchemas = new TreeSet<>();
    private DumpPosition position = DumpPosition.UNKNOWN;
    private String version = "";
    private boolean isComplete;

    /// A line of comment, or a statement that may tell where the dump stands.
    void comment(String text) {
        position = position.with(text);
        Matcher server = VERSION.matcher(text);
        if (server.lookingAt()) {
            version = server.group(1);
        }
        isComplete |= text.startsWith("Dump completed");
    }

    void position(DumpPosition known) {
        position = known;
    }

    void schema(String name, String createSql) {
        schemas.put(name, new Schema(name, createSql));
    }

    void table(Table table) {
        tables.add(table);
        table.columns()
                .forEach(
                        column ->
                                FieldText.loss(column)
                                        .ifPresent(
                                                loss ->
                                                        losses.add(
                                                                table.qualifiedName()
                                                                        + "."
                                                                        + column.name()
                                                                        + " ("
                                                                        + loss
                                                                        + ")")));
        if (!table.engine().equalsIgnoreCase("InnoDB")) {
            warnings.add(
                    "table %s is %s: whether its rows are of the dump's position depends on how the dump was made"
                            .formatted(table.qualifiedName(), table.engine()));
        }
    }

    void program(Program program) {
        programs.put(program.kind() + " " + program.schema() + "." + program.name(), program);
    }

    /// The next value of a sequence that was made before.
    void sequenceValue(String schema, String sql) {
        Matcher value = SETVAL.matcher(sql);
        if (!value.find()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "a sequence's value is not understood: " + sql,
                    "take a base with `backstay backup`.");
        }
        String name = SqlWords.unquoted(value.group(1));
        programs.computeIfPresent(
                "SEQUENCE " + schema + "." + name,
                (_, made) ->
                        new Program(
                                made.kind(),
                                made.schema(),
                                made.name(),
                                made.createSql(),
                                null,
                                null,
                                null,
                                null,
                                value.group(2)));
    }

    void account(String sql) {
        accounts.add(
                sql.replaceFirst(
                        "(?i)^CREATE (USER|ROLE) (IF NOT EXISTS )?", "CREATE OR REPLACE $1 "));
    }

    void systemSchema(String schema) {
        systemSchemas.add(schema);
    }

    List<Schema> schemas() {
        for (Table table : tables) {
            schemas.computeIfAbsent(
                    table.schema(),
                    name -> new Schema(name, "CREATE DATABASE `" + name.replace("`", "``") + "`"));
        }
        return List.copyOf(schemas.values());
    }

    List<Table> tables() {
        return tables;
    }

    List<Program> programs() {
        return programs.values().stream()
                .sorted(Comparator.comparingInt(p -> ORDER.indexOf(p.kind())))
                .toList();
    }

    List<String> accounts() {
        return accounts;
    }

    /// What the base will not hold, by name.
    List<String> warnings() {
        var all = new ArrayList<>(warnings);
        if (!losses.isEmpty()) {
            all.add("the dump does not hold every digit of: " + String.join(", ", losses));
        }
        if (accounts.isEmpty()) {
            all.add("accounts and grants are not in the base: the dump has no account statements");
        }
        systemSchemas.forEach(
                schema -> all.add("the server's own schema " + schema + " is left out"));
        return List.copyOf(all);
    }

    /// Columns whose values a text dump does not hold exactly, `schema.table.column (why)`.
    List<String> losses() {
        return List.copyOf(losses);
    }

    DumpPosition position() {
        return position;
    }

    Optional<String> version() {
        return version.isEmpty() ? Optional.empty() : Optional.of(version);
    }

    /// Whether its last line was seen.
    boolean isComplete() {
        return isComplete;
    }
}
