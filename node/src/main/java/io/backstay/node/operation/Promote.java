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
            // also where it follows nobody: that may be a promotion begun before, or a member that
            // was put back and never saw what its cluster wrote since
            Replication.awaitApplied(session, position, Duration.ofSeconds(1));
            if (Replication.source(session).isPresent()) {
                session.execute("STOP REPLICA");
                session.execute("RESET REPLICA ALL");
            }
            session.execute("SET GLOBAL read_only=0");
            return Map.of("gtidBinlogState", session.requireValue("SELECT @@gtid_binlog_state"));
        }
    }
}
