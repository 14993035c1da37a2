package io.backstay.node.agent;

import io.backstay.node.operation.Operation;
import java.time.Duration;
import java.util.Optional;

/// One operation as this host's own configuration allows it. A change can only name it.
///
/// @param changesNothing a look: no permit is asked for, nothing is written to the ledger
/// @param undo how it is taken back by this agent alone when nobody cancels that in time; empty for
///   none
public record OperationSpec(
        String name, Operation operation, boolean changesNothing, Optional<Undo> undo) {

    /// @param operation takes no arguments
    /// @param after the undo is paid this long after the operation began
    public record Undo(String name, Operation operation, Duration after) {}

    public static OperationSpec look(String name, Operation operation) {
        return new OperationSpec(name, operation, true, Optional.empty());
    }

    public static OperationSpec step(String name, Operation operation) {
        return new OperationSpec(name, operation, false, Optional.empty());
    }

    public static OperationSpec undoable(String name, Operation operation, Undo undo) {
        return new OperationSpec(name, operation, false, Optional.of(undo));
    }
}
