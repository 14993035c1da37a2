package io.backstay.recovery.lane;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import io.backstay.mysql.TableName;

/// Turns scheduled events off, and leaves them otherwise as they are: whoever alters an event
/// becomes its definer unless he names another, and the session's sql_mode becomes its own, so the
/// session has to be as it was when the event was made.
public final class EventSwitch {
    private static final String ENABLED =
            "SELECT EVENT_SCHEMA AS s, EVENT_NAME AS n, DEFINER AS d FROM information_schema.EVENTS"
                    + " WHERE STATUS = 'ENABLED'";

    private EventSwitch() {}

    /// One of them, if it is on.
    public static void off(Server server, TableName event) {
        server.rows(
                        ENABLED
                                + " AND EVENT_SCHEMA = "
                                + Identifier.text(event.schema())
                                + " AND EVENT_NAME = "
                                + Identifier.text(event.table()))
                .forEach(row -> off(server, row));
    }

    /// All that are on.
    static void allOff(Server server) {
        server.rows(ENABLED).forEach(row -> off(server, row));
    }

    private static void off(Server server, SqlRow row) {
        server.execute(
                "ALTER DEFINER = %s EVENT %s DISABLE"
                        .formatted(
                                account(row.require("d")),
                                Identifier.quote(
                                        new TableName(row.require("s"), row.require("n")))));
    }

    /// @param definer user and host, or a role alone
    private static String account(String definer) {
        int at = definer.lastIndexOf('@');
        return at < 0 || at == definer.length() - 1
                ? Identifier.quote(definer.substring(0, at < 0 ? definer.length() : at))
                : Identifier.quote(definer.substring(0, at))
                        + "@"
                        + Identifier.quote(definer.substring(at + 1));
    }
}
