package io.backstay.node.operation;

import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Starts the server on its present data directory: the way back from a stop.
public final class StartServer implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        host.server().start(host.server().versionOf(host.folders().data()));
        try (Server session = host.server().connect()) {
            if (Replication.source(session).isPresent()) {
                session.execute("START REPLICA");
                Replication.awaitRunning(session, Duration.ofSeconds(20));
            }
        }
        return Map.of();
    }
}
