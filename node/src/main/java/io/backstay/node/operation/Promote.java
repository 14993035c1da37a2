package io.backstay.node.operation;

import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Makes a caught-up replica the source: it follows nobody and takes writes.
public final class Promote implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of("position");
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        String position = Arguments.require(arguments, "position");
        try (Server session = host.server().connect()) {
            if (Replication.source(session).isPresent()) {
                Replication.awaitApplied(session, position, Duration.ofSeconds(1));
                session.execute("STOP REPLICA");
                session.execute("RESET REPLICA ALL");
            }
            session.execute("SET GLOBAL read_only=0");
            return Map.of("gtidBinlogState", session.requireValue("SELECT @@gtid_binlog_state"));
        }
    }
}
