package io.backstay.node.operation;

import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.util.Map;
import java.util.Set;

/// Lets a fenced source take writes again.
public final class Thaw implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        try (Server session = host.server().connect()) {
            session.execute("SET GLOBAL read_only=0");
        }
        return Map.of();
    }
}
