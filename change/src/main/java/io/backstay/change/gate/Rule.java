package io.backstay.change.gate;

import java.util.SortedSet;

/// One condition of a policy.
///
/// @param expr a CEL expression over the facts; only its true allows
/// @param message said when it does not hold
/// @param isOpenedByBreakGlass two people may pass over it for an hour
/// @param paths the facts it reads, all of which must be there
public record Rule(
        String id,
        String expr,
        String message,
        Severity severity,
        boolean isOpenedByBreakGlass,
        SortedSet<String> paths) {

    public enum Severity {
        /// Stops the change.
        DENY,
        /// Is shown, does not stop.
        WARN,
        /// Shows what it would have stopped.
        AUDIT
    }

    boolean isPerCluster() {
        return paths.stream().anyMatch(FactSchema::isOfCluster);
    }
}
