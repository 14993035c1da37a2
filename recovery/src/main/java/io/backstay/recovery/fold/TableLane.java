package io.backstay.recovery.fold;

/// The way in which one table gets the changes of a log.
public sealed interface TableLane {

    /// Its net changes are loaded together with the base.
    record Folded() implements TableLane {}

    /// Folded up to the transaction of the reason; from there on its events are executed in order.
    record Ordered(LaneReason since) implements TableLane {}

    /// It cannot be had exactly from the transaction of the reason on.
    record Refused(LaneReason since) implements TableLane {}
}
