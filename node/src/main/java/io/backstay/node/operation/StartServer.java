package io.backstay.node.operation;

import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Starts the server on its present data directory: the way back from a stop.
///
/// It comes back closed to writers, as it was stopped: whether it is still its cluster's source is
/// not known here, and a server does not remember that it was read-only.
public final class StartServer implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        boolean wasRunning = host.server().isRunning();
        host.server().start(host.server().versionOf(host.folders().data()));
        try (Server session = host.server().connect()) {
            if (!wasRunning) {
                session.execute("SET GLOBAL read_only=1");
            }
            if (Replication.source(session).isPresent()) {
                session.execute("START REPLICA");
                Replication.awaitRunning(session, Duration.ofSeconds(20));
            }
        }
        return Map.of();
    }
}
