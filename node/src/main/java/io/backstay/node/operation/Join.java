package io.backstay.node.operation;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.Member;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Makes this server a replica of its cluster'\''s source, from the GTID position it was restored
/// to.
public final class Join implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of("source");
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        Member source = host.requireMember(Arguments.require(arguments, "source"));
        try (Server session = host.server().connect()) {
            if (session.requireValue("SELECT @@gtid_slave_pos").isEmpty()) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "cannot join %s: its GTID position is empty, it would ask for the whole history"
                                .formatted(host.name()),
                        "`data.restore` comes before `repl.join`.");
            }
            session.execute("SET GLOBAL read_only=1");
            Replication.follow(session, source, host.replication());
            Replication.awaitRunning(session, Duration.ofSeconds(30));
            return Map.of("source", source.name());
        }
    }
}
