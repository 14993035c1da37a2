package io.backstay.change;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One action on one host of the selection.
///
/// @param use the action's name, such as `mysql.stop`; see [StepUse]
/// @param undo the action that takes it back; empty for `undo: none`
/// @param isDestructive data may be gone after it
/// @param guard the guard that must clear it; present if it is destructive
/// @param irreversible why it is in order that nothing takes it back
/// @param command of `script.run`: a file of the change's directory and its arguments; empty
///   otherwise
/// @param args of the action, by name
public record Step(
        String id,
        StepUse use,
        When when,
        Duration timeout,
        Optional<String> undo,
        boolean isDestructive,
        Optional<String> guard,
        Optional<String> irreversible,
        List<String> command,
        Map<String, String> args) {

    /// On which members, and at which time, a step runs.
    public enum When {
        /// On every selected host, in the file's order.
        ALWAYS,
        /// On a host that is its cluster's source when its turn comes.
        SOURCE,
        /// On every selected host, after all selected members of its cluster are through.
        CLUSTER_DONE
    }
}
