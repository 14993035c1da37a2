package io.backstay.node.agent;

import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.node.host.DatabaseHost;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// One destroying operation as this host's own configuration allows it: its targets, what does it,
/// what is known of the host. A change can only name it.
///
/// @param targets what it destroys, looked up when it is asked for
/// @param view how the guard sees this host
/// @param needsBoundEnd whether the guard is given the end of the log noted while fenced
public record GuardedSpec(
        String name,
        Set<String> parameters,
        Function<DatabaseHost, List<Target>> targets,
        Function<DatabaseHost, HostView> view,
        Destroyer destroyer,
        boolean needsBoundEnd) {

    /// The act itself, on the name under which the guard holds the target.
    public interface Destroyer {

        /// @return false if it ran and failed
        boolean destroy(DatabaseHost host, Path held, Map<String, String> arguments)
                throws Exception;
    }
}
