package io.backstay.cli.faults;

import java.util.Locale;

/// How one drill ended.
///
/// @param outcome `passed`, `failed` or `not run`
/// @param control what the script said in the plain live situation: `active`, or the drill proves
///   nothing
/// @param naive what the script concluded under the fault
/// @param guard what the guard said, or what went wrong, or why the drill was not run
public record FaultResult(
        String id,
        String fault,
        String outcome,
        String control,
        String naive,
        String guard,
        double seconds) {

    static FaultResult notRun(String id, String fault, String why) {
        return new FaultResult(id, fault, "not run", "-", "-", why, 0);
    }

    public boolean hasFailed() {
        return outcome.equals("failed");
    }

    public boolean wasNotRun() {
        return outcome.equals("not run");
    }

    /// A line of the table.
    public String line() {
        return String.format(
                Locale.ROOT,
                "%-5s %-8s %-50s plain: %-7s fault: %-7s %5.1f s  guard: %s",
                id,
                outcome,
                fault,
                control,
                naive,
                seconds,
                guard);
    }
}
