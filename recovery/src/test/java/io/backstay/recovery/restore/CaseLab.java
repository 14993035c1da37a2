package io.backstay.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.Gtid;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MySqlGtid;
import io.backstay.doors.Disk;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.TableName;
import io.backstay.recovery.MySqlLab;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A source and an empty target that play one case after the other: base, statements, restores.
///
/// What a restore has to give at a transaction is what the source itself held right behind it:
/// every table's definition, and every column of every row as hexadecimal digits.
final class CaseLab implements AutoCloseable {
    private static final String USER_SCHEMAS =
            "SELECT SCHEMA_NAME AS s FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN"
                    + " ('mysql', 'information_schema', 'performance_schema', 'sys', 'test')";

    private final Runnable end;
    private final Path folder;
    private final ServerAddress source;
    private final ServerAddress target;
    private final boolean hasAccounts;
    private int archives;

    /// @param at GTID behind which the source held that
    /// @param state of a replica that is there
    record Stop(Gtid at, String state, String sql, Map<String, List<String>> content) {}

    CaseLab(String version, int subnet) {
        hasAccounts = false; // the two have other passwords
        var lab = new RecoveryLab(subnet);
        end = lab::close;
        folder = lab.folder;
        source = RecoveryLab.address(lab.started(version, 1));
        target = RecoveryLab.address(lab.started(version, 2));
    }

    /// Of MySQL.
    CaseLab(String... options) {
        hasAccounts = true;
        var lab = new MySqlLab();
        end = lab::close;
        folder = lab.folder;
        source = lab.started(1, options).address();
        target = lab.started(2, options).address();
    }

    /// A case while it is played.
    final class Play {
        private final Path archive = folder.resolve("case" + archives++);
        private final List<Stop> stops = new ArrayList<>();
        private final String before;

        Play(List<String> base) {
            wipe(source);
            try (Server session = Server.connect(source)) {
                keepSession(session);
                base.forEach(session::execute);
                before = stateAtSource(session);
            }
            Backup.run(new BackupRequest(archive, source, 1), RecoveryListener.silent());
        }

        /// Statements of one session; one that begins with `-` fails, one that begins with `~` is
        /// another session's. Behind each is a stop.
        Play run(List<String> statements) {
            try (Server session = Server.connect(source)) {
                keepSession(session);
                run(session, statements);
            }
            return this;
        }

        /// Else the driver gives it up when its character set is changed.
        private static void keepSession(Server session) {
            session.execute("SET SESSION session_track_system_variables = ''");
        }

        void run(Server session, List<String> statements) {
            for (String sql : statements) {
                if (sql.startsWith("-")) {
                    try {
                        session.execute(sql.substring(1));
                    } catch (io.backstay.doors.Problem e) {
                        // it is meant to
                    }
                } else if (sql.startsWith("~")) {
                    try (Server other = Server.connect(source)) {
                        other.execute(sql.substring(1));
                    }
                } else {
                    session.execute(sql);
                }
                stop(sql);
            }
        }

        private void stop(String sql) {
            try (Server look = Server.connect(source)) {
                if (isMySql(look) && stateAtSource(look).equals(before)) {
                    return; // a GTID that a base holds is no place behind it
                }
                Gtid at = lastGtid(look);
                var stop = new Stop(at, stateAtSource(look), sql, content(look));
                if (!stops.isEmpty() && stops.getLast().at.equals(at)) {
                    stops.removeLast();
                }
                stops.add(stop);
            }
        }

        List<Stop> stops() {
            return stops;
        }

        Play stream() throws InterruptedException {
            try (Streamer streamer =
                    Streamer.start(
                            StreamRequest.of(archive, source).untilNow(),
                            RecoveryListener.silent())) {
                streamer.awaitEnd();
            }
            return this;
        }

        RestoreRequest request(Stop stop) {
            return new RestoreRequest(
                    archive, target, new Until.AtGtid(stop.at), 2, false, hasAccounts);
        }

        /// Restores to the emptied target.
        RestoreResult restore(Stop stop) {
            wipe(target);
            return Restore.run(request(stop), RecoveryListener.silent());
        }

        /// What is not proven is what a server executed, or what is prepared: nothing that was
        /// loaded.
        void requireLoadedAsSent(RestoreResult result, String what) {
            assertThat(result.unproven())
                    .as(what)
                    .allMatch(
                            line ->
                                    line.contains("the server's own word")
                                            || line.contains("is prepared and has no outcome"));
            assertThat(result.tables()).as(what).allMatch(RestoreResult.TableResult::isProven);
        }

        /// Differences between the restored server and what the source held at that stop.
        List<String> differences(Stop stop) {
            var differences = new ArrayList<String>();
            try (Server look = Server.connect(target)) {
                Map<String, List<String>> found = content(look);
                for (String table : stop.content.keySet()) {
                    List<String> expected = stop.content.get(table);
                    List<String> there = found.getOrDefault(table, List.of("(no such table)"));
                    if (!expected.equals(there)) {
                        differences.add(
                                "%s%n  expected %s%n  found    %s"
                                        .formatted(table, shown(expected), shown(there)));
                    }
                }
                found.keySet().stream()
                        .filter(table -> !stop.content.containsKey(table))
                        .forEach(table -> differences.add(table + " should not be there"));
                String gtid = state(look);
                if (!gtid.equals(stop.state)) {
                    differences.add("the GTID state " + gtid + " is not " + stop.state);
                }
            }
            return differences;
        }

        private static String shown(List<String> rows) {
            return rows.size() > 20
                    ? rows.size() + " rows, " + rows.subList(0, 20)
                    : rows.toString();
        }
    }

    private static boolean isMySql(Server server) {
        return server.version().flavour() == Flavour.MYSQL;
    }

    /// Of a source that began anew and has written itself only.
    private static Gtid lastGtid(Server server) {
        String state = stateAtSource(server);
        return isMySql(server)
                ? MySqlGtid.parse(state.replaceFirst(":.*[:-]", ":"))
                : MariaDbGtid.parse(state);
    }

    private static String stateAtSource(Server server) {
        return server.requireValue(
                isMySql(server) ? "SELECT @@GLOBAL.gtid_executed" : "SELECT @@gtid_binlog_pos");
    }

    private static String state(Server server) {
        return server.requireValue(
                isMySql(server) ? "SELECT @@GLOBAL.gtid_executed" : "SELECT @@gtid_slave_pos");
    }

    Play base(List<String> statements) {
        return new Play(statements);
    }

    private static void wipe(ServerAddress server) {
        try (Server session = Server.connect(server)) {
            session.execute("SET GLOBAL read_only = 0");
            session.execute("SET SESSION foreign_key_checks = 0, lock_wait_timeout = 10");
            for (var row : session.rows(USER_SCHEMAS)) {
                session.execute("DROP DATABASE " + Identifier.quote(row.require("s")));
            }
            for (var row :
                    session.rows(
                            "SELECT User AS u, Host AS h FROM mysql.user WHERE User LIKE 'case%'")) {
                session.execute(
                        "DROP USER "
                                + Identifier.quote(row.require("u"))
                                + "@"
                                + Identifier.quote(row.require("h")));
            }
            if (isMySql(session)) {
                for (var row :
                        session.rows(
                                "SELECT NAME AS n FROM information_schema.INNODB_TABLESPACES WHERE SPACE_TYPE = 'General'"
                                        + " AND NAME <> 'mysql'")) {
                    session.execute("DROP TABLESPACE " + Identifier.quote(row.require("n")));
                }
                session.execute("RESET BINARY LOGS AND GTIDS");
            } else {
                session.execute("RESET MASTER");
                session.execute("SET GLOBAL gtid_slave_pos = ''");
            }
        }
    }

    private static final List<String> PROGRAMS =
            List.of(
                    "SELECT CONCAT_WS('|', EVENT_SCHEMA, EVENT_NAME, DEFINER, SQL_MODE, TIME_ZONE, EVENT_DEFINITION) AS r"
                            + " FROM information_schema.EVENTS",
                    "SELECT CONCAT_WS('|', ROUTINE_SCHEMA, ROUTINE_NAME, DEFINER, SQL_MODE, ROUTINE_DEFINITION) AS r FROM"
                            + " information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN ('sys', 'mysql')",
                    "SELECT CONCAT_WS('|', TRIGGER_SCHEMA, TRIGGER_NAME, DEFINER, SQL_MODE, ACTION_STATEMENT) AS r FROM"
                            + " information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN ('sys', 'mysql')");

    /// By table: its definition without counters, then its rows, sorted. Beside them routines,
    /// triggers and events.
    private static Map<String, List<String>> content(Server server) {
        Map<String, List<String>> content = new TreeMap<>();
        var programs = new ArrayList<String>();
        for (String query : PROGRAMS) {
            server.rows(query).forEach(row -> programs.add(row.require("r")));
        }
        programs.sort(null);
        content.put("(programs)", programs);
        for (var schema : server.rows(USER_SCHEMAS)) {
            String name = schema.require("s");
            content.put(name, List.of());
            for (var row :
                    server.rows(
                            "SELECT TABLE_NAME AS t, TABLE_TYPE AS k FROM information_schema.TABLES WHERE"
                                    + " TABLE_SCHEMA = "
                                    + Identifier.text(name))) {
                var table = new TableName(name, row.require("t"));
                content.put(table.toString(), rows(server, table));
            }
        }
        return content;
    }

    private static List<String> rows(Server server, TableName table) {
        var rows = new ArrayList<String>();
        var create = server.rows("SHOW CREATE TABLE " + Identifier.quote(table)).getFirst();
        String definition =
                create.find("Create Table").or(() -> create.find("Create View")).orElse("");
        String columns =
                server
                        .rows(
                                "SELECT COLUMN_NAME AS c, DATA_TYPE AS d FROM information_schema.COLUMNS"
                                        + " WHERE TABLE_SCHEMA = "
                                        + Identifier.text(table.schema())
                                        + " AND TABLE_NAME = "
                                        + Identifier.text(table.table())
                                        + " ORDER BY ORDINAL_POSITION")
                        .stream()
                        .map(
                                c ->
                                        "IFNULL(HEX("
                                                + hexable(c.require("c"), c.require("d"))
                                                + "), 'NULL')")
                        .collect(Collectors.joining(", "));
        server.rows("SELECT CONCAT_WS('|', " + columns + ") AS r FROM " + Identifier.quote(table))
                .forEach(row -> rows.add(row.require("r")));
        rows.sort(null);
        rows.addFirst(definition.replaceAll(" AUTO_INCREMENT=\\d+", ""));
        return rows;
    }

    private static String hexable(String column, String type) {
        String name = Identifier.quote(column);
        return switch (type) {
            // HEX() of a number rounds; its text at full precision does not
            case "float" -> "CAST(" + name + " + 0e0 AS CHAR)";
            case "double", "decimal", "bigint" -> "CAST(" + name + " AS CHAR)";
            case "enum", "set" -> "CONCAT(" + name + "+0, ':', " + name + ")";
            default -> name;
        };
    }

    @Override
    public void close() {
        end.run();
        Disk.deleteTree(folder);
    }
}
