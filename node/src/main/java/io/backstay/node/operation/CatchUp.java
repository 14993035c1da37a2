package io.backstay.node.operation;

import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Waits until a replica has applied everything up to a position.
public final class CatchUp implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of("position");
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        long started = System.nanoTime();
        try (Server session = host.server().connect()) {
            Replication.awaitApplied(
                    session, Arguments.require(arguments, "position"), Duration.ofSeconds(20));
        }
        return Map.of("millis", Long.toString((System.nanoTime() - started) / 1_000_000));
    }
}
