package io.backstay.change.plan;

import io.backstay.change.StepUse;
import java.time.Duration;
import java.util.Optional;

/// One step on one host, at its place in the order.
///
/// @param index from 1, over the whole plan
/// @param cluster empty for a spare
/// @param use the action's name
/// @param isAfterCluster stands behind all members of its cluster
/// @param undo the action that takes it back, if one does
public record PlanStep(
        int index,
        String wave,
        String host,
        String cluster,
        FleetFacts.Role role,
        String stepId,
        String use,
        boolean isDestructive,
        boolean isAfterCluster,
        Optional<String> undo,
        Duration timeout) {

    boolean isSwitchover() {
        return use.equals(StepUse.TOPOLOGY_SWITCHOVER.word());
    }

    /// What the plan's digest is over; names hold no blanks.
    String digestLine() {
        return "%d %s %s %s %s %s %s %s %s %s\n"
                .formatted(
                        index,
                        wave,
                        host,
                        cluster.isEmpty() ? "-" : cluster,
                        role.word(),
                        stepId,
                        use,
                        isDestructive ? "destructive" : "-",
                        undo.orElse("-"),
                        timeout);
    }
}
