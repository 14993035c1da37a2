package io.backstay.recovery.proof;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowTextQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The standard tool's word on a sample of rows: `mariadb-binlog` decodes the end of the log once
/// more, and the rows it says were left there are held against what the server has.
///
/// Nothing of our own decoder takes part. Sampled are rows that the witnessed stretch changed last,
/// so the stretch must reach to the restore's end; tables whose whole primary key is of integers.
/// [#read] may run while the tables are loaded.
public final class Witness {
    private static final Set<String> INTEGERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint");

    private final Path tool;
    private final Map<TableName, ToolRows.Sample> samples = new TreeMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private long transactions;
    private String failure = "";

    private Witness(Path tool) {
        this.tool = tool;
    }

    /// @param rows compared, those that must be gone included
    /// @param columns `compared of all`, for columns the tool prints exactly
    public record Testimony(String table, long rows, String columns, List<String> differences) {}

    /// @param by the tool; empty text if there was none
    /// @param notWitnessed what was not looked at, and why
    public record Report(
            String by,
            long seed,
            long transactions,
            List<Testimony> tables,
            List<String> notWitnessed) {

        public static Report none(String reason) {
            return new Report("", 0, 0, List.of(), List.of(reason));
        }

        public List<String> differences() {
            return tables.stream().flatMap(table -> table.differences().stream()).toList();
        }
    }

    /// The tool on the PATH; empty if there is none.
    public static Optional<Witness> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, "mariadb-binlog");
            if (Files.isExecutable(file) && Files.isRegularFile(file)) {
                return Optional.of(new Witness(file));
            }
        }
        return Optional.empty();
    }

    public static Witness of(Path tool) {
        return new Witness(tool);
    }

    /// Lets the tool decode a stretch.
    ///
    /// @param tables that the log changed
    /// @param from byte of the first file where a transaction begins; 0 for all of it
    /// @param after transactions that the base has
    /// @param end of the restore
    public void read(
            List<Table> tables,
            List<Path> stretch,
            long from,
            MariaDbGtidState after,
            MariaDbGtidState end,
            long seed) {
        tables.forEach(table -> sample(table, seed));
        var command =
                new ArrayList<String>(
                        List.of(
                                tool.toString(),
                                "--no-defaults",
                                "--verbose",
                                "--base64-output=DECODE-ROWS"));
        if (from > 0) {
            command.add("--start-position=" + from);
        }
        stretch.forEach(file -> command.add(file.toString()));
        var rows = new ToolRows(samples, after, end);
        Path folder = null;
        try {
            folder = Files.createTempDirectory("backstay-witness");
            Path errors = folder.resolve("errors");
            int exit = Commands.stream(command, errors, rows::read);
            if (exit != 0) {
                failure =
                        "mariadb-binlog ended with exit code %d: %s"
                                .formatted(
                                        exit,
                                        Disk.readText(errors)
                                                .lines()
                                                .findFirst()
                                                .orElse("no word"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (folder != null) {
                Disk.deleteTree(folder);
            }
        }
        transactions = rows.transactions();
    }

    private void sample(Table table, long seed) {
        TableDefinition definition = table.definition();
        var keyColumns = new ArrayList<Integer>();
        for (var key : definition.primaryKey()) {
            ColumnDefinition column = definition.column(key.name()).orElseThrow();
            if (!INTEGERS.contains(column.dataType())) {
                leftOut.add(table.qualifiedName() + ": its key has a " + column.dataType());
                return;
            }
            keyColumns.add(definition.columns().indexOf(column));
        }
        if (keyColumns.isEmpty()) {
            leftOut.add(table.qualifiedName() + ": it has no primary key");
            return;
        }
        int[] columns = keyColumns.stream().mapToInt(Integer::intValue).toArray();
        samples.put(definition.name(), new ToolRows.Sample(definition, columns, seed));
    }

    /// Holds what the tool said against the server.
    ///
    /// @param where the name that a table has there
    public Report compare(
            Server server, List<Table> tables, Map<String, TableName> where, long seed) {
        if (!failure.isEmpty()) {
            return Report.none(failure);
        }
        var testimonies = new ArrayList<Testimony>();
        for (Table table : tables) {
            ToolRows.Sample sample = samples.get(table.definition().name());
            if (sample == null) {
                continue;
            }
            if (sample.rows().isEmpty()) {
                leftOut.add(table.qualifiedName() + ": no change in the witnessed stretch");
                continue;
            }
            TableName name = where.getOrDefault(table.qualifiedName(), table.definition().name());
            testimonies.add(compare(server, table, name, sample));
        }
        return new Report("mariadb-binlog", seed, transactions, testimonies, List.copyOf(leftOut));
    }

    private static Testimony compare(
            Server server, Table table, TableName name, ToolRows.Sample sample) {
        Map<String, String[]> found = found(server, table, name, sample);
        List<ColumnDefinition> stored = sample.definition().storedColumns();
        long comparable = stored.stream().filter(ToolLiteral::isComparable).count();
        var differences = new ArrayList<String>();
        for (ToolRows.Sample.Row row : sample.rows()) {
            String[] fields = found.get(row.key());
            boolean isGone = row.image().isEmpty();
            if (isGone != (fields == null)) {
                differences.add(
                        "table %s, key %s: the standard tool says it is %s"
                                .formatted(
                                        table.qualifiedName(),
                                        row.key(),
                                        isGone ? "gone" : "there"));
            } else if (fields != null) {
                difference(sample.definition(), row, fields)
                        .ifPresent(
                                column ->
                                        differences.add(
                                                "table %s, key %s, column %s: the standard tool says otherwise"
                                                        .formatted(
                                                                table.qualifiedName(),
                                                                row.key(),
                                                                column)));
            }
        }
        return new Testimony(
                table.qualifiedName(),
                sample.rows().size(),
                comparable + " of " + stored.size(),
                List.copyOf(differences));
    }

    private static Optional<String> difference(
            TableDefinition definition, ToolRows.Sample.Row row, String[] fields) {
        int field = 0;
        for (int i = 0; i < definition.columns().size(); i++) {
            ColumnDefinition column = definition.columns().get(i);
            if (column.generated() != ColumnDefinition.Generated.NOT) {
                continue;
            }
            String here = fields[field++];
            if (ToolLiteral.isComparable(column)
                    && !ToolLiteral.value(column, row.image().get(i)).equals(Optional.of(here))) {
                return Optional.of(column.name());
            }
        }
        return Optional.empty();
    }

    private static Map<String, String[]> found(
            Server server, Table table, TableName name, ToolRows.Sample sample) {
        List<String> keys = sample.definition().primaryKey().stream().map(k -> k.name()).toList();
        var list = String.join(", ", keys.stream().map(Identifier::quote).toList());
        var wanted = sample.rows().stream().map(row -> "(" + row.key() + ")").toList();
        var names =
                RowSelect.stored(table).stream()
                        .map(c -> c.name().toLowerCase(java.util.Locale.ROOT))
                        .toList();
        var found = new HashMap<String, String[]>();
        RowTextQuery.run(
                server,
                "SELECT "
                        + RowSelect.list(table)
                        + " FROM "
                        + Identifier.quote(name)
                        + " WHERE ("
                        + list
                        + ") IN ("
                        + String.join(", ", wanted)
                        + ")",
                RowSelect.isFloating(table),
                (text, from, count) -> {
                    String[] fields =
                            new String(text, from, count, StandardCharsets.ISO_8859_1)
                                    .split("\t", -1);
                    var key = new ArrayList<String>();
                    for (String column : keys) {
                        key.add(fields[names.indexOf(column.toLowerCase(java.util.Locale.ROOT))]);
                    }
                    found.put(String.join(", ", key), fields);
                });
        return found;
    }
}
