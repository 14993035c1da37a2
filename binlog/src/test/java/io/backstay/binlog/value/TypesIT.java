package io.backstay.binlog.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.ColumnType;
import io.backstay.binlog.EncryptionKeys;
import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every type on the two MariaDB servers that come by Maven: what the log gives is what they read.
class TypesIT {
    private static final Path STATEMENTS = Path.of("src/test/resources/fixtures");

    @ParameterizedTest
    @ValueSource(strings = {"10.11.5", "11.4.5"})
    void everyValueReadsAsTheServerReadsIt(String version) throws IOException, SQLException {
        Path folder = Files.createTempDirectory("backstay-types");
        try (RunFile runFile = RunFile.open(folder.resolve("run.json"))) {
            LabServer server = start(version, folder, runFile);
            try (Connection root = server.connect();
                    Statement statement = root.createStatement()) {
                for (String sql : statements("mariadb-types.sql")) {
                    statement.execute(sql);
                }
                List<String> expected = new ArrayList<>();
                for (String sql : statements("mariadb-types.expect.sql")) {
                    expected.addAll(rows(statement, sql));
                }
                replay(server, statement, "t").isAsTheServerReads(expected);
                temporalTypesOfTheFirstGeneration(server, statement);
            } finally {
                runFile.sweep();
            }
        } finally {
            Disk.deleteTree(folder);
        }
    }

    /// DATE, TIME, DATETIME, TIMESTAMP as MySQL 5.5 laid them out.
    private static void temporalTypesOfTheFirstGeneration(LabServer server, Statement statement)
            throws SQLException {
        statement.execute("SET GLOBAL mysql56_temporal_format = OFF");
        statement.execute(
                "CREATE TABLE typed.old (id INT PRIMARY KEY, t TIME, d DATETIME, s TIMESTAMP NULL)");
        statement.execute(
                "INSERT INTO typed.old VALUES (1, '-838:59:59', '9999-12-31 23:59:59', '2038-01-19"
                        + " 03:14:07'), (2, '00:00:01', '0000-00-00 00:00:00', NULL)");
        TypedTable old = replay(server, statement, "old");
        assertThat(old.types())
                .containsExactly(
                        ColumnType.LONG,
                        ColumnType.TIME,
                        ColumnType.DATETIME,
                        ColumnType.TIMESTAMP);
        Map<String, Map<String, ColumnValue>> rows = old.rows();
        for (String line :
                rows(
                        statement,
                        "SELECT id, CAST(t AS CHAR), CAST(d AS CHAR), CAST(s AS CHAR) FROM typed.old")) {
            String[] fields = line.split("\t");
            assertThat(rows.get(fields[0]).values())
                    .extracting(ColumnValue::text)
                    .containsExactly(fields);
        }
        assertThat(rows).hasSize(2);
    }

    private static LabServer start(String version, Path folder, RunFile runFile) {
        var settings =
                ServerSettings.of(
                                ServerBinaries.require(version, ServerBinaries.home()),
                                folder.resolve("data"),
                                folder.resolve("run"),
                                version.startsWith("10") ? "127.33.1.1" : "127.33.1.2",
                                1,
                                Accounts.random())
                        .withOptions("--binlog-row-metadata=FULL");
        return new LabServer(settings, runFile).initialise().start();
    }

    private static TypedTable replay(LabServer server, Statement statement, String table)
            throws SQLException {
        statement.execute("FLUSH BINARY LOGS");
        String log = rows(statement, "SHOW BINARY LOGS").reversed().get(1).split("\t")[0];
        return TypedTable.replay(
                server.settings().dataDir().resolve(log), EncryptionKeys.NONE, "typed", table);
    }

    private static List<String> rows(Statement statement, String sql) throws SQLException {
        var rows = new ArrayList<String>();
        if (!statement.execute(sql)) {
            return rows;
        }
        try (ResultSet result = statement.getResultSet()) {
            while (result.next()) {
                var fields = new ArrayList<String>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    String text = result.getString(i);
                    fields.add(text == null ? "NULL" : text);
                }
                rows.add(String.join("\t", fields));
            }
        }
        return rows;
    }

    private static List<String> statements(String name) throws IOException {
        var text = new StringBuilder();
        for (String line : Files.readAllLines(STATEMENTS.resolve(name))) {
            text.append(line.startsWith("--") ? "" : line + "\n");
        }
        return List.of(text.toString().strip().split(";\n|;$"));
    }
}
