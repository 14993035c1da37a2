package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.rows.Rows;
import java.util.ArrayList;
import java.util.List;

/// A MariaDB server to restore to.
record MariaDbTarget(Server server) implements TargetFlavour {

    @Override
    public List<String> unfit(BaseDocument.Source source) {
        ServerVersion from = ServerVersion.parse(source.version());
        return from.flavour() == Flavour.MARIADB
                ? List.of()
                : List.of(
                        "it is MariaDB %s, the base is of MySQL %s"
                                .formatted(server.version(), from));
    }

    @Override
    public List<String> replication() {
        var reasons = new ArrayList<String>();
        for (var row : server.rows("SHOW ALL SLAVES STATUS")) {
            reasons.add("it is set up as a replica of " + row.find("Master_Host").orElse("?"));
        }
        for (var row : server.rows("SHOW SLAVE HOSTS")) {
            reasons.add("a replica is attached to it: server " + row.find("Server_id").orElse("?"));
        }
        return reasons;
    }

    @Override
    public List<String> clients() {
        var reasons = new ArrayList<String>();
        for (var row :
                Rows.of(
                        server,
                        "SELECT ID, USER, HOST, COMMAND FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID()"
                                + " AND USER NOT IN ('system user', 'event_scheduler') AND COMMAND <> 'Daemon'")) {
            reasons.add(
                    "a client is connected: %s from %s (%s)"
                            .formatted(row.get(1), row.get(2), row.get(3)));
        }
        return reasons;
    }

    @Override
    public List<String> history(RestoreMarker marker) {
        var reasons = new ArrayList<String>();
        GtidPositions positions = GtidPositions.read(server);
        if (!positions.binlogState().isEmpty()
                && !marker.mayHaveBinlogState(positions.binlogState())) {
            reasons.add("its binary log has GTIDs: " + positions.binlogState());
        }
        if (!positions.slavePosition().isEmpty()
                && !marker.mayHavePosition(positions.slavePosition())) {
            reasons.add("its gtid_slave_pos is " + positions.slavePosition());
        }
        return reasons;
    }

    @Override
    public String giveState(GtidSet state, RestoreMarker marker, List<String> notes) {
        boolean hasBinlog = server.requireValue("SELECT @@log_bin").equals("1");
        marker.gtidChosen(server, position(state), hasBinlog ? state.toString() : "");
        if (hasBinlog) {
            server.execute("RESET MASTER");
            server.execute("SET GLOBAL gtid_binlog_state = " + Identifier.text(state.toString()));
        } else {
            notes.add("the server writes no binary log: only its gtid_slave_pos was set");
        }
        server.execute("SET GLOBAL gtid_slave_pos = " + Identifier.text(position(state)));
        return hasBinlog ? state.toString() : "";
    }

    @Override
    public String position(GtidSet state) {
        return state instanceof MariaDbGtidState mariaDb
                ? mariaDb.positionState().toString()
                : state.toString();
    }
}
