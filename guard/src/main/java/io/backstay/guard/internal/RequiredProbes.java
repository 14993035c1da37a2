package io.backstay.guard.internal;

import io.backstay.guard.GuardRequest;
import io.backstay.guard.Target;
import java.util.Set;
import java.util.TreeSet;

/// Which probes must report clear for an operation on a kind of target. The one place that knows.
final class RequiredProbes {
    private RequiredProbes() {}

    /// `wipe` and every other operation demand the same: an operation can only be *named* to be
    /// covered by peers, which trades `data-at-rest` for the stricter `covered-data`.
    static Set<String> of(GuardRequest request) {
        return switch (request.target()) {
            case Target.PathTarget _ -> ofPath(request);
            case Target.DeviceTarget _ -> Set.of("target", "claim", "users", "data-at-rest");
            case Target.HostTarget _ ->
                    Set.of("target", "processes", "data-at-rest", "storage", "peers");
        };
    }

    private static Set<String> ofPath(GuardRequest request) {
        var required =
                new TreeSet<>(
                        Set.of(
                                "target",
                                "lock",
                                "open-count",
                                "open-files",
                                "processes",
                                "sockets",
                                "mounts",
                                "kernel-users"));
        if (isCovered(request)) {
            required.add("covered-data");
            required.add("peers");
        } else {
            required.add("data-at-rest");
        }
        if (request.view().server().isPresent()) {
            required.add("testimony");
        }
        return required;
    }

    static boolean isCovered(GuardRequest request) {
        return request.view().coveredOperations().contains(request.operation());
    }
}
