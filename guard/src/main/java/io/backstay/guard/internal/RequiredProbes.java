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
        var required =
                new TreeSet<>(
                        Set.of(
                                "target",
                                "lock",
                                "open-count",
                                "open-files",
                                "processes",
                                "sockets",
                                "mounts"));
        switch (request.target()) {
            case Target.PathTarget _ -> {
                if (isCovered(request)) {
                    required.add("covered-data");
                    required.add("peers");
                } else {
                    required.add("data-at-rest");
                }
                if (request.view().server().isPresent()) {
                    required.add("testimony");
                }
            }
            case Target.DeviceTarget _ -> required.add("device");
            case Target.HostTarget _ -> required.add("host");
        }
        return required;
    }

    static boolean isCovered(GuardRequest request) {
        return request.view().coveredOperations().contains(request.operation());
    }
}
