package io.backstay.cli.faults;

/// How one drill ended.
///
/// @param outcome `passed`, `failed`, `not run` or `not written`
/// @param naive what the script concluded
/// @param guard what the guard said, or why the drill was not run
public record FaultResult(
        String id, String fault, String outcome, String naive, String guard, long tookMillis) {

    public boolean hasFailed() {
        return outcome.equals("failed");
    }

    public boolean wasNotRun() {
        return outcome.equals("not run");
    }

    /// A line of the table.
    public String line() {
        return "%-5s %-11s %-58s naive: %-10s guard: %s"
                .formatted(id, outcome, fault, naive, guard);
    }
}
