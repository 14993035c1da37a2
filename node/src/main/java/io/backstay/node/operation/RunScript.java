package io.backstay.node.operation;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.node.host.DatabaseHost;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Runs the user's own script on this host, as this host's configuration names it.
public final class RunScript implements Operation {
    private final Predicate<DatabaseHost> script;

    /// @param script true if it ended with exit code 0
    public RunScript(Predicate<DatabaseHost> script) {
        this.script = script;
    }

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments) {
        if (!script.test(host)) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "the script said no on %s: expected exit code 0".formatted(host.name()),
                    "run it by hand on that host.");
        }
        return Map.of("exit", "0");
    }
}
