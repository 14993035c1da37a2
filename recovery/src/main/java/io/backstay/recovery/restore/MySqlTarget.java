package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.archive.BaseDocument;
import java.util.ArrayList;
import java.util.List;

/// A MySQL server to restore to, 8.0 or later.
record MySqlTarget(Server server) implements TargetFlavour {
    /// From here on replicas, binary logs and their state have no other names.
    private static final int[] NEW_NAMES = {8, 4};

    @Override
    public List<String> unfit(BaseDocument.Source source) {
        ServerVersion from = ServerVersion.parse(source.version());
        var reasons = new ArrayList<String>();
        if (from.flavour() != Flavour.MYSQL) {
            reasons.add(
                    "it is MySQL %s, the base is of MariaDB %s".formatted(server.version(), from));
        }
        if (server.version().major() < 8) {
            reasons.add("it is MySQL %s, expected 8.0 or later".formatted(server.version()));
        }
        if (!source.gtid().isEmpty()
                && server.findVariable("gtid_mode").filter("ON"::equals).isEmpty()) {
            reasons.add("its gtid_mode is not ON, and the base has GTIDs");
        }
        return reasons;
    }

    @Override
    public List<String> replication() {
        var reasons = new ArrayList<String>();
        for (var row : server.rows(hasNewNames() ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS")) {
            String host = row.find("Source_Host").or(() -> row.find("Master_Host")).orElse("?");
            reasons.add("it is set up as a replica of " + host);
        }
        for (var row : server.rows(hasNewNames() ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS")) {
            String id = row.find("Server_Id").or(() -> row.find("Server_id")).orElse("?");
            reasons.add("a replica is attached to it: server " + id);
        }
        return reasons;
    }

    @Override
    public List<String> clients() {
        var reasons = new ArrayList<String>();
        for (var row :
                server.rows(
                        "SELECT PROCESSLIST_USER AS u, PROCESSLIST_HOST AS h, PROCESSLIST_COMMAND AS c"
                                + " FROM performance_schema.threads WHERE TYPE = 'FOREGROUND' AND PROCESSLIST_ID IS"
                                + " NOT NULL AND PROCESSLIST_ID <> CONNECTION_ID() AND PROCESSLIST_COMMAND <>"
                                + " 'Daemon'")) {
            reasons.add(
                    "a client is connected: %s from %s (%s)"
                            .formatted(
                                    row.find("u").orElse("?"),
                                    row.find("h").orElse("?"),
                                    row.find("c").orElse("?")));
        }
        return reasons;
    }

    @Override
    public List<String> history(RestoreMarker marker) {
        MySqlGtidSet executed =
                MySqlGtidSet.parse(server.findValue("SELECT @@GLOBAL.gtid_executed").orElse(""));
        return executed.isEmpty() || marker.mayHavePosition(executed)
                ? List.of()
                : List.of("its gtid_executed is " + executed);
    }

    @Override
    public String giveState(GtidSet state, RestoreMarker marker, List<String> notes) {
        boolean hasBinlog = server.requireValue("SELECT @@log_bin").equals("1");
        marker.gtidChosen(server, state.toString(), hasBinlog ? state.toString() : "");
        server.execute(hasNewNames() ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER");
        if (!state.isEmpty()) {
            server.execute("SET GLOBAL gtid_purged = " + Identifier.text(state.toString()));
        }
        if (!hasBinlog) {
            notes.add("the server writes no binary log: only its gtid_executed was set");
        }
        return hasBinlog ? state.toString() : "";
    }

    @Override
    public String position(GtidSet state) {
        return state.toString();
    }

    private boolean hasNewNames() {
        ServerVersion version = server.version();
        return version.major() > NEW_NAMES[0]
                || (version.major() == NEW_NAMES[0] && version.minor() >= NEW_NAMES[1]);
    }
}
