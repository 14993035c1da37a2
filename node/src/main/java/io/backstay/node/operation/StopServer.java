package io.backstay.node.operation;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.util.Map;
import java.util.Set;

/// Stops the drained server, noting the end of its binary log first.
public final class StopServer implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        if (!ServiceMark.isSet(host)) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "cannot stop the server of %s: it is in service".formatted(host.name()),
                    "`traffic.drain` comes before `mysql.stop`.");
        }
        if (host.server().isRunning()) {
            try (Server session = host.server().connect()) {
                Leases.requireNone(session, host, "stop");
                session.execute("SET GLOBAL read_only=1");
                session.execute("STOP REPLICA");
                FencedEnd.note(host, session);
            }
            host.server().stop();
        }
        return Map.of(
                "gtidBinlogState",
                FencedEnd.find(host, host.folders().data())
                        .map(MariaDbGtidState::toString)
                        .orElse(""));
    }
}
