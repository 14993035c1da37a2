package io.backstay.rollout.run;

/// How a run stands when its driver returns.
public sealed interface RunEnd {

    record Completed() implements RunEnd {}

    /// Waits for people. Nothing goes on by time.
    ///
    /// @param host empty if no single host is the reason
    record Frozen(String host, String step, String reason) implements RunEnd {}
}
