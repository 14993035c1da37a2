package io.backstay.guard;

import io.backstay.binlog.MariaDbGtidState;
import java.util.Optional;

/// One question to the guard: may this operation destroy this target?
///
/// @param operation name as in the host's own configuration; `wipe` needs none
/// @param fencedEnd `gtid_binlog_state` that was noted while the server was fenced and before it
///   was stopped; needed by covered operations only
public record GuardRequest(
        String operation, Target target, HostView view, Optional<MariaDbGtidState> fencedEnd) {

    public GuardRequest(String operation, Target target, HostView view) {
        this(operation, target, view, Optional.empty());
    }

    GuardRequest at(Target other) {
        return new GuardRequest(operation, other, view, fencedEnd);
    }
}
