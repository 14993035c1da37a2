package io.backstay.node.operation;

import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.util.Map;
import java.util.Set;

/// Stops all writes on a source: read-only, sessions ended. Its undo is [Thaw].
public final class Fence implements Operation {
    private static final int LOCK_WAIT_SECONDS = 8;

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        try (Server session = host.server().connect()) {
            Leases.requireNone(session, host, "fence");
            // LOCK TABLES or a long statement holds this up: it must end before its undo is due
            session.execute("SET SESSION lock_wait_timeout=" + LOCK_WAIT_SECONDS);
            session.execute("SET GLOBAL read_only=1");
            int ended = Clients.end(session);
            return Map.of(
                    "ended", Integer.toString(ended),
                    "gtidPosition", session.requireValue("SELECT @@gtid_binlog_pos"),
                    "gtidBinlogState", session.requireValue("SELECT @@gtid_binlog_state"));
        }
    }
}
