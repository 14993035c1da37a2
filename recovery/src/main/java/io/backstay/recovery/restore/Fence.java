package io.backstay.recovery.restore;

import io.backstay.mysql.Flavour;
import io.backstay.mysql.Server;

/// Keeps others from writing to a target while it is loaded: `read_only`, no events. MySQL's redo
/// log is off until all is loaded: a server that crashes meanwhile is empty anyway. MySQL takes
/// functions of accounts without SUPER meanwhile.
///
/// @param readOnly `@@read_only` before
/// @param eventScheduler `@@event_scheduler` before
/// @param redoLog `Innodb_redo_log_enabled` before; `NONE` where the server cannot do without
/// @param trust `@@log_bin_trust_function_creators` before, of MySQL; else `NONE`
record Fence(String readOnly, String eventScheduler, String redoLog, String trust) {
    private static final String NO_SWITCH = "NONE";

    static Fence look(Server server) {
        return new Fence(
                server.requireValue("SELECT @@GLOBAL.read_only"),
                server.requireValue("SELECT @@GLOBAL.event_scheduler"),
                server.rows("SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'").stream()
                        .findFirst()
                        .flatMap(row -> row.find("Value"))
                        .orElse(NO_SWITCH),
                server.version().flavour() == Flavour.MYSQL
                        ? server.requireValue("SELECT @@GLOBAL.log_bin_trust_function_creators")
                        : NO_SWITCH);
    }

    /// For a server that others use.
    static Fence none() {
        return new Fence("", "", NO_SWITCH, NO_SWITCH);
    }

    private boolean isNone() {
        return readOnly.isEmpty();
    }

    /// For people, behind what else stays.
    String stays() {
        return isNone() ? "" : ", the server is read_only and has no GTID state";
    }

    static Fence parse(String text) {
        String[] parts = text.split(" ", -1);
        return new Fence(
                parts[0],
                parts[1],
                parts.length > 2 ? parts[2] : NO_SWITCH,
                parts.length > 3 ? parts[3] : NO_SWITCH);
    }

    void raise(Server server) {
        if (isNone()) {
            return;
        }
        server.execute("SET GLOBAL read_only = 1");
        if (!eventScheduler.equals("DISABLED")) {
            server.execute("SET GLOBAL event_scheduler = OFF");
        }
        trustFunctions(server, 1);
    }

    private void trustFunctions(Server server, int isOn) {
        if (trust.equals("0")) {
            server.execute("SET GLOBAL log_bin_trust_function_creators = " + isOn);
        }
    }

    /// Behind the marker, which a later run takes the setting before from.
    void withoutRedoLog(Server server) {
        if (redoLog.equals("ON")) {
            server.execute("ALTER INSTANCE DISABLE INNODB REDO_LOG");
        }
    }

    /// All is loaded: what is there survives a crash from here on.
    void withRedoLog(Server server) {
        if (redoLog.equals("ON")) {
            server.execute("ALTER INSTANCE ENABLE INNODB REDO_LOG");
        }
    }

    void lower(Server server) {
        trustFunctions(server, 0);
        if (eventScheduler.equals("ON")) {
            server.execute("SET GLOBAL event_scheduler = ON");
        }
        if (readOnly.equals("0")) {
            server.execute("SET GLOBAL read_only = 0");
        }
    }

    @Override
    public String toString() {
        return String.join(" ", readOnly, eventScheduler, redoLog, trust);
    }
}
