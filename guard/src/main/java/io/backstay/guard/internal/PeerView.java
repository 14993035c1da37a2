package io.backstay.guard.internal;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What one peer says of itself, after it has shown that this account may see.
///
/// @param settings that are not as covering needs them, a sentence each
/// @param sourceServerId of the server it follows; empty if it follows none
/// @param replication sentences about a source that is not followed properly
/// @param leaseHolder connection id of whoever holds the cluster's lease there
record PeerView(
        String name,
        long serverId,
        String dataDirectory,
        MariaDbGtidState state,
        Set<String> tables,
        List<String> settings,
        Optional<Long> sourceServerId,
        List<String> replication,
        Optional<Long> leaseHolder) {

    static PeerView read(String name, Server server, String lease) throws CannotLookException {
        requireSight(name, server);
        var follows = new ArrayList<String>();
        Optional<Long> source = Optional.empty();
        List<SqlRow> sources = server.rows("SHOW ALL SLAVES STATUS");
        for (SqlRow row : sources) {
            source = row.find("Master_Server_Id").map(Long::parseLong);
            for (String thread : List.of("Slave_IO_Running", "Slave_SQL_Running")) {
                if (!row.find(thread).orElse("").equals("Yes")) {
                    follows.add(thread + " is " + row.find(thread).orElse("unknown"));
                }
            }
            if (!row.find("SQL_Delay").orElse("").equals("0")) {
                follows.add("it is delayed");
            }
            row.values()
                    .forEach(
                            (column, value) -> {
                                if (column.startsWith("Replicate_")
                                        && !value.orElse("").isEmpty()) {
                                    follows.add(column + " is set");
                                }
                            });
        }
        if (sources.size() > 1) {
            follows.add("it follows %d sources".formatted(sources.size()));
        }
        return new PeerView(
                name,
                Long.parseLong(server.requireValue("SELECT @@server_id")),
                server.requireValue("SELECT @@datadir"),
                GtidPositions.read(server).binlogState(),
                tables(server),
                settings(server),
                source,
                follows,
                server.findValue("SELECT IS_USED_LOCK('" + lease + "')").map(Long::parseLong));
    }

    private static Set<String> tables(Server server) {
        var tables = new HashSet<String>();
        for (SqlRow row :
                server.rows(
                        "SELECT table_schema AS s, table_name AS t FROM information_schema.tables")) {
            tables.add(row.require("s") + "." + row.require("t"));
        }
        return Set.copyOf(tables);
    }

    private static List<String> settings(Server server) {
        var wrong = new ArrayList<String>();
        for (String name : List.of("log_bin", "gtid_strict_mode", "log_slave_updates")) {
            if (!server.requireValue("SELECT @@GLOBAL." + name).equals("1")) {
                wrong.add(name + " is off");
            }
        }
        for (SqlRow row : server.rows("SHOW MASTER STATUS")) {
            for (String column : List.of("Binlog_Do_DB", "Binlog_Ignore_DB")) {
                if (!row.find(column).orElse("").isEmpty()) {
                    wrong.add(column + " is set");
                }
            }
        }
        for (SqlRow row : server.rows("SHOW GLOBAL VARIABLES LIKE 'replicate\\_%'")) {
            String variable = row.require("Variable_name");
            boolean isFilter =
                    variable.contains("_do_")
                            || variable.contains("_ignore_")
                            || variable.equals("replicate_rewrite_db");
            if (isFilter && !row.find("Value").orElse("").isEmpty()) {
                wrong.add(variable + " is set");
            }
        }
        return wrong;
    }

    /// An account that sees its own session only, or no system schema, would report nothing and
    /// mean nothing.
    private static void requireSight(String name, Server server) throws CannotLookException {
        String grants =
                String.join(
                        " ",
                        server.rows("SHOW GRANTS").stream()
                                .flatMap(row -> row.values().values().stream())
                                .flatMap(Optional::stream)
                                .toList());
        boolean seesAll =
                grants.contains("ALL PRIVILEGES ON *.*")
                        || grants.contains("SELECT,")
                        || grants.contains("SELECT ON *.*");
        boolean seesSystem =
                server.requireValue(
                                "SELECT COUNT(*) FROM information_schema.tables WHERE"
                                        + " table_schema = 'mysql' AND table_name = 'proc'")
                        .equals("1");
        if (!seesAll || !seesSystem) {
            throw new CannotLookException(
                    "peer " + name + ": this account does not see all tables there",
                    "grant it SELECT, PROCESS, REPLICA MONITOR and BINLOG MONITOR on *.*");
        }
    }
}
