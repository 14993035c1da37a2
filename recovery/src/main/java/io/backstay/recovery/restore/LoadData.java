package io.backstay.recovery.restore;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.rows.RowSelect;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One stream of LOAD DATA text into one empty table.
final class LoadData {
    /// So that rows go in as they are and MariaDB takes its bulk path: first insert into an empty
    /// table with unique and foreign-key checks off.
    private static final List<String> SESSION =
            List.of(
                    "SET SESSION sql_log_bin = 0",
                    "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
                    "SET SESSION unique_checks = 0, SESSION foreign_key_checks = 0",
                    "SET SESSION innodb_strict_mode = 0",
                    "SET SESSION wait_timeout = 86400, SESSION net_read_timeout = 28800,"
                            + " SESSION lock_wait_timeout = 60");

    private static final List<String> MARIADB =
            List.of("SET SESSION check_constraint_checks = 0, SESSION max_statement_time = 0");

    /// Tables come as they were, whatever this server would add or demand. Variables that a series
    /// does not know are left out.
    private static final Map<String, String> MYSQL =
            Map.of(
                    "max_execution_time", "0",
                    "sql_require_primary_key", "OFF",
                    "sql_generate_invisible_primary_key", "OFF",
                    "restrict_fk_on_non_standard_key", "OFF",
                    "show_gipk_in_create_table_and_information_schema", "ON",
                    "information_schema_stats_expiry", "0",
                    "group_concat_max_len", "1073741824");

    /// Types that take a binary string for their inner bytes, so their text has to be told as text.
    private static final Set<String> SPELLED = Set.of("uuid", "inet4", "inet6");

    private LoadData() {}

    static void prepare(Server session) {
        SESSION.forEach(session::execute);
        switch (session.version().flavour()) {
            case MARIADB -> MARIADB.forEach(session::execute);
            case MYSQL ->
                    MYSQL.forEach(
                            (name, value) -> {
                                if (session.findVariable(name).isPresent()) {
                                    session.execute("SET SESSION " + name + " = " + value);
                                }
                            });
        }
    }

    static void run(Server session, Table table, LoadStream text) {
        var columns = new ArrayList<String>();
        var sets = new ArrayList<String>();
        int documents = 0;
        for (Column column : RowSelect.stored(table)) {
            String name = Identifier.quote(column.name());
            String variable = "@v" + columns.size();
            if (RowSelect.isByNumber(column)) {
                columns.add(variable);
                sets.add(name + " = " + variable + " + 0");
            } else if (SPELLED.contains(column.dataType())) {
                columns.add(variable);
                sets.add(name + " = CONVERT(" + variable + " USING latin1)");
            } else if (column.dataType().equals("json")) {
                columns.add(variable);
                sets.add(name + " = " + TypedJson.call(variable, documents++));
            } else {
                columns.add(name);
            }
        }
        if (documents > 0) {
            columns.add(TypedJson.TYPES);
        }
        String sql =
                "LOAD DATA LOCAL INFILE 'backstay' INTO TABLE "
                        + Identifier.quote(new TableName(table.schema(), table.name()))
                        + " CHARACTER SET binary FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' ("
                        + String.join(", ", columns)
                        + ")"
                        + (sets.isEmpty() ? "" : " SET " + String.join(", ", sets));
        try (Statement statement = session.connection().createStatement()) {
            statement.unwrap(org.mariadb.jdbc.Statement.class).setLocalInfileInputStream(text);
            statement.execute(sql);
        } catch (SQLException e) {
            // what breaks on our side reaches the server as a broken stream
            if (text.failure() instanceof RuntimeException ours) {
                throw ours;
            }
            throw new Problem(
                    ErrorCode.FAILED,
                    "loading "
                            + table.qualifiedName()
                            + " into "
                            + session.address()
                            + ": "
                            + e.getMessage(),
                    "look at the server's error log, then run the same restore again: it goes on with the tables that"
                            + " are not done.",
                    e);
        }
    }
}
