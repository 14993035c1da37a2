package io.backstay.rollout.run;

import java.time.Duration;
import java.util.Map;

/// What a run needs to know of, and do to, a cluster as a whole.
///
/// A cluster that has no source now, or does not answer, is an end that a run knows: every method
/// throws [StepFailedException] for it, and nothing else.
public interface FleetDesk {

    /// The member that takes writes now, as the fleet itself says.
    String source(String cluster);

    /// Values for the placeholders that a step's arguments may hold, looked up when the step is
    /// taken.
    Map<String, String> argumentsFor(String cluster, String host, RunPlan.Step step);

    /// Why a wave may not begin now, as the gate says with fresh facts; empty text if it may.
    String gateSaysNoTo(RunPlan.Wave wave);

    /// Takes every switchover of this run that a killed controller left half done to one of its
    /// ends; nothing if none was.
    void settle(String runId);

    /// Moves the source of a cluster to another member.
    ///
    /// @return how long writes stood still
    Duration switchover(String cluster, String from, String runId);
}
