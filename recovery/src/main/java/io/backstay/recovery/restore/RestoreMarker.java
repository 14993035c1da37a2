package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.recovery.rows.Rows;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a restore writes down on the target, so that a second run knows what it may go on with.
///
/// The schema `backstay_restore` with one table `progress` (name, value): `run`: which archive,
/// base and end; `fence`, `packet`: settings to put back; `gtid`, `binlog-state`: what the server
/// is to be given; `schema SCHEMA`: made by us; `begun SCHEMA.TABLE`, `begun KIND SCHEMA.NAME`:
/// made by us in a schema that is not; `table SCHEMA.TABLE`: digest and counts of a table that is
/// loaded whole; `verified SCHEMA.TABLE`: digest of what the server held of it before its events
/// were executed; `ordered`: how many transactions of the ordered lane are executed, with `?` in
/// front where the one behind them is in doubt. Written without the binary log; gone when the
/// restore is proven. On MySQL the function of [TypedJson] lies beside it. Nothing else on the
/// server is ours.
final class RestoreMarker {
    static final String SCHEMA = "backstay_restore";
    private static final String TABLE = "`backstay_restore`.`progress`";

    private final Set<String> schemas = new HashSet<>();
    private final Set<String> begun = new HashSet<>();
    private final Map<String, String> done = new HashMap<>();
    private String binlogState = "";
    private String position = "";
    private String fence = "";
    private String ordered = "";
    private String packet = "";
    private final Map<String, String> verified = new HashMap<>();
    private boolean exists;

    private RestoreMarker() {}

    /// Errors: a marker of another restore, a schema of that name which is not ours.
    static RestoreMarker read(Server server, String run) {
        var marker = new RestoreMarker();
        List<List<String>> tables =
                Rows.of(
                                server,
                                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '"
                                        + SCHEMA
                                        + "'")
                        .stream()
                        .map(row -> List.of(String.valueOf(row.getFirst())))
                        .toList();
        if (tables.isEmpty()) {
            return marker;
        }
        if (!tables.equals(List.of(List.of("progress")))) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "target "
                            + server.address()
                            + ": schema "
                            + SCHEMA
                            + " holds tables that no restore makes",
                    "give a fresh server. Nothing was changed on this one.");
        }
        marker.exists = true;
        String found = "";
        for (var row : Rows.of(server, "SELECT name, value FROM " + TABLE)) {
            String name = String.valueOf(row.get(0));
            String value = String.valueOf(row.get(1));
            if (name.equals("run")) {
                found = value;
            } else if (name.equals("binlog-state")) {
                marker.binlogState = value;
            } else if (name.equals("gtid")) {
                marker.position = value;
            } else if (name.equals("fence")) {
                marker.fence = value;
            } else if (name.equals("packet")) {
                marker.packet = value;
            } else if (name.equals("ordered")) {
                marker.ordered = value;
            } else if (name.startsWith("verified ")) {
                marker.verified.put(name.substring("verified ".length()), value);
            } else if (name.startsWith("schema ")) {
                marker.schemas.add(name.substring("schema ".length()));
            } else if (name.startsWith("begun ")) {
                marker.begun.add(name.substring("begun ".length()));
            } else if (name.startsWith("table ")) {
                marker.done.put(name.substring("table ".length()), value);
            }
        }
        if (!found.equals(run) && !(found.isEmpty() && marker.schemas.isEmpty())) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "target "
                            + server.address()
                            + " holds an unfinished restore of "
                            + found
                            + ", this one is of "
                            + run,
                    "run that restore again to go on with it, or give a fresh server. Nothing was changed.");
        }
        return marker;
    }

    boolean exists() {
        return exists;
    }

    boolean owns(String schema) {
        return exists && (schema.equals(SCHEMA) || schemas.contains(schema));
    }

    boolean ownsTable(String schema, String table) {
        return owns(schema) || begun.contains(schema + "." + table);
    }

    /// What [#tableDone] wrote; empty if that table has to be loaded.
    Optional<String> findDone(String qualifiedName) {
        return Optional.ofNullable(done.get(qualifiedName));
    }

    boolean mayHaveBinlogState(GtidSet state) {
        return exists && state.toString().equals(binlogState);
    }

    boolean mayHavePosition(GtidSet state) {
        return exists && state.toString().equals(position);
    }

    /// The settings of the server before the first run.
    Fence fence(Server server) {
        return fence.isEmpty() ? Fence.look(server) : Fence.parse(fence);
    }

    void create(Server server, String run, Fence before) {
        server.execute("CREATE DATABASE IF NOT EXISTS `" + SCHEMA + "`");
        server.execute(
                "CREATE TABLE IF NOT EXISTS "
                        + TABLE
                        + " (name VARCHAR(700) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY, value LONGTEXT"
                        + " CHARACTER SET utf8mb4) ENGINE=InnoDB");
        put(server, "run", run);
        put(server, "fence", before.toString());
        exists = true;
    }

    void schemaMade(Server server, String schema) {
        put(server, "schema " + schema, "");
        schemas.add(schema);
    }

    boolean ownsProgram(String kind, String schema, String name) {
        return owns(schema) || begun.contains(kind + " " + schema + "." + name);
    }

    void tableBegun(Server server, String qualifiedName) {
        put(server, "begun " + qualifiedName, "");
    }

    void programBegun(Server server, String kind, String schema, String name) {
        put(server, "begun " + kind + " " + schema + "." + name, "");
    }

    void tableDone(Server server, String qualifiedName, String facts) {
        put(server, "table " + qualifiedName, facts);
    }

    /// The table is not what was loaded: the next run makes it anew.
    void tableUndone(Server server, String qualifiedName) {
        server.execute(
                "DELETE FROM "
                        + TABLE
                        + " WHERE name = "
                        + Identifier.text("table " + qualifiedName));
    }

    /// The server's `max_allowed_packet` before the first run changed it.
    String packetBefore(Server server) {
        if (packet.isEmpty()) {
            packet = server.requireValue("SELECT @@global.max_allowed_packet");
            put(server, "packet", packet);
        }
        return packet;
    }

    /// What the server held of a table before its ordered events; empty if they were not begun.
    Optional<String> findVerified(String qualifiedName) {
        return Optional.ofNullable(verified.get(qualifiedName));
    }

    void tableVerified(Server server, String qualifiedName, String digest) {
        put(server, "verified " + qualifiedName, digest);
    }

    /// Transactions of the ordered lane that are executed; empty before it begins.
    Optional<Integer> orderedDone() {
        return ordered.isEmpty() || isOrderedInDoubt()
                ? Optional.empty()
                : Optional.of(Integer.parseInt(ordered));
    }

    /// A statement that commits by itself was begun, and nobody knows whether it was executed.
    boolean isOrderedInDoubt() {
        return ordered.startsWith("?");
    }

    void orderedAnnounced(Server server, int transaction) {
        put(server, "ordered", "?" + transaction);
    }

    void orderedDone(Server server, int transactions) {
        put(server, "ordered", Integer.toString(transactions));
    }

    /// Drops all that was loaded, so that the restore begins anew.
    void beginAnew(Server server) {
        server.execute("SET SESSION foreign_key_checks = 0");
        for (String schema : schemas) {
            server.execute("DROP DATABASE IF EXISTS " + Identifier.quote(schema));
        }
        server.execute(
                "DELETE FROM "
                        + TABLE
                        + " WHERE name = 'ordered' OR name LIKE 'table %' OR name LIKE 'verified %'");
        done.clear();
        verified.clear();
        ordered = "";
    }

    void gtidChosen(Server server, String chosen, String state) {
        put(server, "gtid", chosen);
        put(server, "binlog-state", state);
    }

    void remove(Server server) {
        server.execute("DROP DATABASE `" + SCHEMA + "`");
    }

    private static void put(Server server, String name, String value) {
        server.execute(
                "REPLACE INTO "
                        + TABLE
                        + " VALUES ("
                        + Identifier.text(name)
                        + ", "
                        + Identifier.text(value)
                        + ")");
    }
}
