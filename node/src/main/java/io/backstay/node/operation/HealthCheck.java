package io.backstay.node.operation;

import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Proves that a replica follows: both threads at work, and the source'\''s position of this moment
/// applied here.
public final class HealthCheck implements Operation {
    private static final Duration WATCH = Duration.ofSeconds(1);

    @Override
    public Set<String> parameters() {
        return Set.of("position");
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        long started = System.nanoTime();
        try (Server session = host.server().connect()) {
            Replication.awaitRunning(session, Duration.ofSeconds(10));
            Replication.awaitApplied(
                    session, Arguments.require(arguments, "position"), Duration.ofSeconds(30));
            Replication.watchRunning(session, WATCH);
            return Map.of(
                    "caughtUpMillis", Long.toString((System.nanoTime() - started) / 1_000_000),
                    "gtidPosition", session.requireValue("SELECT @@gtid_slave_pos"));
        }
    }
}
