package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.rows.RowTextQuery;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A real server, its log files, and the merged load of one table beside the original. Gone with
/// all its files when closed.
final class FoldServer implements AutoCloseable {
    static final String OLD = "10.11.5";
    static final String NEW = "11.4.5";

    private final Path folder;
    private final RunFile runFile;
    private final LabServer lab;
    private final List<BinlogFile> mapped = new ArrayList<>();
    final Server sql;

    FoldServer(String version, String address, String... options) throws IOException {
        folder = Files.createTempDirectory("backstay-fold");
        runFile = RunFile.open(folder.resolve("run.json"));
        lab =
                new LabServer(
                        ServerSettings.of(
                                        ServerBinaries.require(version, ServerBinaries.home()),
                                        folder.resolve("data"),
                                        folder.resolve("run"),
                                        address,
                                        1,
                                        Accounts.random())
                                .withOptions(options),
                        runFile);
        lab.initialise().start();
        sql = Server.connect(ServerAddress.socket("root", lab.settings().socket()));
    }

    MariaDbGtidState state() {
        return GtidPositions.read(sql).binlogPosition();
    }

    List<LogStretch> log() {
        var stretches = new ArrayList<LogStretch>();
        for (var row : sql.rows("SHOW BINARY LOGS")) {
            var file = BinlogFile.open(lab.settings().dataDir().resolve(row.require("Log_name")));
            mapped.add(file);
            stretches.add(new LogStretch(file.name(), file.bytes()));
        }
        return stretches;
    }

    /// The base: every table's definition and rows as LOAD DATA text.
    Base base(String schema) {
        Map<TableName, TableDefinition> tables = Schemas.tables(sql, schema);
        var rows = new TreeMap<TableName, List<byte[]>>();
        tables.forEach((name, table) -> rows.put(name, rows(table)));
        return new Base(tables, rows, state());
    }

    record Base(
            Map<TableName, TableDefinition> tables,
            Map<TableName, List<byte[]>> rows,
            MariaDbGtidState state) {

        FoldRequest request(FoldStop stop) {
            return new FoldRequest(tables, state, stop);
        }
    }

    List<byte[]> rows(TableDefinition table) {
        var columns = table.storedColumns();
        var floating = new boolean[columns.size()];
        var list = new ArrayList<String>();
        for (int i = 0; i < floating.length; i++) {
            var column = columns.get(i);
            String name = Identifier.quote(column.name());
            floating[i] = List.of("float", "double").contains(column.dataType());
            boolean isByNumber =
                    column.dataType().equals("enum") && column.columnType().contains("''");
            list.add(
                    floating[i]
                            ? "CAST(" + name + " AS DOUBLE)"
                            : isByNumber || column.columnType().contains("zerofill")
                                    ? "CAST(" + name + " AS UNSIGNED)"
                                    : name);
        }
        var rows = new ArrayList<byte[]>();
        RowTextQuery.run(
                sql,
                "SELECT " + String.join(", ", list) + " FROM " + Identifier.quote(table.name()),
                floating,
                (text, from, count) ->
                        rows.add(java.util.Arrays.copyOfRange(text, from, from + count)));
        return rows;
    }

    /// Base rows without the replaced ones, and the after images, into `merged`, a table like it.
    void load(Base base, FoldedTable folded, TableName merged) throws SQLException {
        var text = new ByteArrayOutputStream();
        FoldedTable.Reader reader = folded.reader();
        for (byte[] row : base.rows().get(folded.definition().name())) {
            if (!reader.replacesBaseRow(row, 0, row.length)) {
                text.writeBytes(row);
                text.write('\n');
            }
        }
        for (AfterImages rows = folded.afterImages(); rows.next(); ) {
            text.write(rows.text(), 0, rows.count() + 1);
        }
        String columns =
                folded.loadColumns().stream()
                        .map(c -> Identifier.quote(c.name()))
                        .collect(Collectors.joining(", "));
        sql.execute(
                "SET sql_mode='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', unique_checks=0, foreign_key_checks=0");
        try (var statement =
                sql.connection().unwrap(org.mariadb.jdbc.Connection.class).createStatement()) {
            statement
                    .unwrap(org.mariadb.jdbc.Statement.class)
                    .setLocalInfileInputStream(new ByteArrayInputStream(text.toByteArray()));
            statement.execute(
                    "LOAD DATA LOCAL INFILE 'rows' INTO TABLE "
                            + Identifier.quote(merged)
                            + " CHARACTER SET binary ("
                            + columns
                            + ")");
        }
    }

    /// Every column of every row as hexadecimal digits, sorted.
    List<String> hexRows(TableDefinition table, TableName where) {
        String columns =
                table.columns().stream()
                        .map(c -> "HEX(" + hexable(c) + ")")
                        .collect(Collectors.joining(", "));
        return sql
                .rows(
                        "SELECT CONCAT_WS('|', "
                                + ifNull(columns)
                                + ") AS r FROM "
                                + Identifier.quote(where))
                .stream()
                .map(row -> row.require("r"))
                .sorted()
                .toList();
    }

    private static String hexable(io.backstay.mysql.ColumnDefinition column) {
        String name = Identifier.quote(column.name());
        return switch (column.dataType()) {
            // HEX() of a number rounds; its text at full precision does not
            case "float", "double", "decimal", "bigint" ->
                    "CAST("
                            + (column.dataType().equals("float") ? name + " + 0e0" : name)
                            + " AS CHAR)";
            case "enum", "set" -> "CONCAT(" + name + "+0, ':', " + name + ")";
            default -> name;
        };
    }

    private static String ifNull(String columns) {
        return columns.replaceAll("HEX\\((.*?)\\)(?=, HEX|$)", "IFNULL(HEX($1), 'NULL')");
    }

    String checksum(TableName table) {
        return sql.rows("CHECKSUM TABLE " + Identifier.quote(table) + " EXTENDED")
                .getFirst()
                .require("Checksum");
    }

    @Override
    public void close() {
        sql.close();
        mapped.forEach(BinlogFile::close);
        if (lab.isRunning()) {
            lab.stop(Duration.ofSeconds(20));
        }
        runFile.close();
        Disk.deleteTree(folder);
    }
}
