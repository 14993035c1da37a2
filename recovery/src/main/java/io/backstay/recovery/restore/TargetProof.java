package io.backstay.recovery.restore;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.rows.Rows;
import java.util.ArrayList;
import java.util.List;

/// Whether a target may be loaded: empty, unused, and able to hold the base. Looks only.
final class TargetProof {
    private final Server server;
    private final List<String> reasons = new ArrayList<>();

    private TargetProof(Server server) {
        this.server = server;
    }

    /// Errors: a refusal with every reason at once.
    static void require(Server server, BaseDocument base, RestoreMarker marker) {
        var proof = new TargetProof(server);
        proof.requireAbility(base);
        proof.requireNoForeignData(marker);
        proof.requireNoReplication();
        proof.requireNoClient();
        proof.requireNoHistory(marker);
        if (!proof.reasons.isEmpty()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "target "
                            + server.address()
                            + " is not proven empty and fit: "
                            + String.join("; ", proof.reasons),
                    "give a fresh server. Nothing was changed on this one.");
        }
    }

    private void requireAbility(BaseDocument base) {
        ServerVersion version = server.version();
        ServerVersion from = ServerVersion.parse(base.source().version());
        if (version.flavour() != Flavour.MARIADB) {
            reasons.add("it is " + version + ", the base is of " + from);
        } else if (version.major() < from.major()
                || (version.major() == from.major() && version.minor() < from.minor())) {
            reasons.add("its version " + version + " is older than the base's " + from);
        }
        int caseSetting = Integer.parseInt(server.requireValue("SELECT @@lower_case_table_names"));
        int wanted = base.source().lowerCaseTableNames();
        if (wanted != BaseDocument.CASE_SETTING_UNKNOWN && caseSetting != wanted) {
            reasons.add(
                    "its lower_case_table_names is " + caseSetting + ", the base's was " + wanted);
        }
        if (!server.requireValue("SELECT @@local_infile").equals("1")) {
            reasons.add("its local_infile is off");
        }
        if (!server.requireValue("SELECT @@innodb_read_only").equals("0")) {
            reasons.add("its innodb_read_only is on");
        }
    }

    private void requireNoForeignData(RestoreMarker marker) {
        for (var row :
                Rows.of(
                        server,
                        "SELECT s.SCHEMA_NAME, (SELECT COUNT(*) FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA ="
                                + " s.SCHEMA_NAME) + (SELECT COUNT(*) FROM information_schema.ROUTINES r WHERE"
                                + " r.ROUTINE_SCHEMA = s.SCHEMA_NAME) + (SELECT COUNT(*) FROM information_schema.EVENTS"
                                + " e WHERE e.EVENT_SCHEMA = s.SCHEMA_NAME) FROM information_schema.SCHEMATA s WHERE"
                                + " s.SCHEMA_NAME NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')")) {
            String schema = String.valueOf(row.get(0));
            boolean isEmptyTest = schema.equals("test") && "0".equals(row.get(1));
            if (!isEmptyTest && !marker.owns(schema)) {
                reasons.add("it holds the schema " + schema);
            }
        }
    }

    private void requireNoReplication() {
        for (var row : server.rows("SHOW ALL SLAVES STATUS")) {
            reasons.add("it is set up as a replica of " + row.find("Master_Host").orElse("?"));
        }
        for (var row : server.rows("SHOW SLAVE HOSTS")) {
            reasons.add("a replica is attached to it: server " + row.find("Server_id").orElse("?"));
        }
    }

    private void requireNoClient() {
        for (var row :
                Rows.of(
                        server,
                        "SELECT ID, USER, HOST, COMMAND FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID()"
                                + " AND USER NOT IN ('system user', 'event_scheduler') AND COMMAND <> 'Daemon'")) {
            reasons.add(
                    "a client is connected: %s from %s (%s)"
                            .formatted(row.get(1), row.get(2), row.get(3)));
        }
    }

    private void requireNoHistory(RestoreMarker marker) {
        GtidPositions positions = GtidPositions.read(server);
        if (!positions.binlogState().isEmpty()
                && !marker.mayHaveBinlogState(positions.binlogState())) {
            reasons.add("its binary log has GTIDs: " + positions.binlogState());
        }
        if (!positions.slavePosition().isEmpty()
                && !marker.mayHaveSlavePosition(positions.slavePosition())) {
            reasons.add("its gtid_slave_pos is " + positions.slavePosition());
        }
    }
}
