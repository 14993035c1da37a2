package io.backstay.recovery.restore;

import io.backstay.mysql.Server;

/// Keeps others from writing to a target while it is loaded: `read_only`, no events.
///
/// @param readOnly `@@read_only` before
/// @param eventScheduler `@@event_scheduler` before
record Fence(String readOnly, String eventScheduler) {

    static Fence look(Server server) {
        return new Fence(
                server.requireValue("SELECT @@GLOBAL.read_only"),
                server.requireValue("SELECT @@GLOBAL.event_scheduler"));
    }

    /// For a server that others use.
    static Fence none() {
        return new Fence("", "");
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
        return new Fence(parts[0], parts[1]);
    }

    void raise(Server server) {
        if (isNone()) {
            return;
        }
        server.execute("SET GLOBAL read_only = 1");
        if (!eventScheduler.equals("DISABLED")) {
            server.execute("SET GLOBAL event_scheduler = OFF");
        }
    }

    void lower(Server server) {
        if (eventScheduler.equals("ON")) {
            server.execute("SET GLOBAL event_scheduler = ON");
        }
        if (readOnly.equals("0")) {
            server.execute("SET GLOBAL read_only = 0");
        }
    }

    @Override
    public String toString() {
        return readOnly + " " + eventScheduler;
    }
}
