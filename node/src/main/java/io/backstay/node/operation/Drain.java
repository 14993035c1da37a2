package io.backstay.node.operation;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.util.Map;
import java.util.Set;

/// Takes this host out of service: it must not be a source that serves, and no client may be on it.
public final class Drain implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        if (!host.server().isRunning()) {
            ServiceMark.set(host);
            return Map.of("clients", "0");
        }
        try (Server session = host.server().connect()) {
            Leases.requireNone(session, host, "drain");
            ServiceMark.set(host);
            if (Replication.source(session).isEmpty()
                    && session.requireValue("SELECT @@read_only").equals("0")) {
                ServiceMark.clear(host);
                throw new Problem(
                        ErrorCode.REFUSED,
                        "cannot drain %s: it is a source that takes writes".formatted(host.name()),
                        "move the source to another member first: `topology.switchover` comes before `traffic.drain`.");
            }
            session.execute("SET GLOBAL read_only=1");
            long clients = Clients.awaitGone(session);
            return Map.of("clients", Long.toString(clients));
        }
    }
}
