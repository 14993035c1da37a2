package io.backstay.node.operation;

import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.Member;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Lets a replica follow another source.
public final class Repoint implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of("source");
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        Member source = host.requireMember(Arguments.require(arguments, "source"));
        try (Server session = host.server().connect()) {
            Replication.follow(session, source, host.replication());
            Replication.awaitRunning(session, Duration.ofSeconds(20));
        }
        return Map.of("source", source.name());
    }
}
