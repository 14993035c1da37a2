package io.backstay.node.operation;

import io.backstay.node.host.DatabaseHost;
import java.util.Map;
import java.util.Set;

/// Puts this host back into service.
public final class Undrain implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        ServiceMark.clear(host);
        return Map.of();
    }
}
