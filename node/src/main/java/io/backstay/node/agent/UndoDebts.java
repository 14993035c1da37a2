package io.backstay.node.agent;

import io.backstay.ledger.Ledger;
import io.backstay.node.host.DatabaseHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Undos that were recorded before their operation began, and that this agent pays by itself when
/// nobody cancels them.
///
/// ```
/// recorded ──cancelled──► (gone)
///     └──deadline passed, or controller silent──► paid
/// ```
///
/// Deadlines are held in time since boot. After a restart of the machine every debt is due at once.
///
/// Threads: safe for use by several; paying and cancelling exclude each other.
final class UndoDebts {
    private final DatabaseHost host;
    private final Map<String, OperationSpec> operations;
    private final Ledger ledger;
    private final Map<String, Debt> open = new HashMap<>();

    UndoDebts(DatabaseHost host, Map<String, OperationSpec> operations, Ledger ledger) {
        this.host = host;
        this.operations = operations;
        this.ledger = ledger;
    }

    /// @param operation whose undo it is
    record Debt(String effectId, String operation, String bootId, Duration dueSinceBoot) {}

    /// Takes a debt over that the ledger already holds.
    synchronized void adopt(Debt debt) {
        open.put(debt.effectId(), debt);
    }

    synchronized void forget(String effectId) {
        open.remove(effectId);
    }

    /// Durable when it returns.
    synchronized void record(Debt debt, String changeDigest) {
        ledger.append(
                "undo.recorded",
                host.name(),
                changeDigest,
                Map.of(
                        "effect", debt.effectId(),
                        "operation", debt.operation(),
                        "boot", debt.bootId(),
                        "dueMillisSinceBoot", debt.dueSinceBoot().toMillis()));
        open.put(debt.effectId(), debt);
    }

    /// @return false if it was paid already, or never recorded
    synchronized boolean cancel(String effectId, String changeDigest) {
        if (!open.containsKey(effectId)) {
            return false;
        }
        ledger.append("undo.cancelled", host.name(), changeDigest, Map.of("effect", effectId));
        open.remove(effectId);
        return true;
    }

    /// Pays what is due.
    ///
    /// @param controllerIsSilent whether the controller has not been heard of for too long
    synchronized void payDue(String bootId, Duration sinceBoot, boolean controllerIsSilent)
            throws Exception {
        Optional<Debt> due =
                open.values().stream()
                        .filter(
                                debt ->
                                        controllerIsSilent
                                                || !debt.bootId().equals(bootId)
                                                || debt.dueSinceBoot().compareTo(sinceBoot) <= 0)
                        .findFirst();
        if (due.isEmpty()) {
            return;
        }
        OperationSpec spec = operations.get(due.get().operation());
        if (spec == null || spec.undo().isEmpty()) {
            throw new IllegalStateException(
                    "operation " + due.get().operation() + " has no undo any more");
        }
        spec.undo().get().operation().run(host, Map.of());
        ledger.append(
                "undo.paid",
                host.name(),
                null,
                Map.of(
                        "effect", due.get().effectId(),
                        "undo", spec.undo().get().name(),
                        "because",
                                controllerIsSilent
                                        ? "the controller is silent"
                                        : "its deadline passed"));
        open.remove(due.get().effectId());
    }
}
