package io.backstay.node.agent;

import io.backstay.ledger.Ledger;
import io.backstay.node.host.DatabaseHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Undos that were recorded before their operation began, and that this agent pays by itself when
/// nobody cancels them.
///
/// ```
/// recorded ──cancelled──► (gone)
///     └──deadline passed, or controller silent──► paid
/// ```
///
/// A debt is not paid while its operation is still under way: what it takes back would not be there
/// yet, and would stay once it is. That is waited for at most as long again as the undo may take;
/// who ends an operation asks whether its undo is still owed ([#end]), and takes it back by itself
/// if it is not.
///
/// One operation has at most one open undo: the later one takes the earlier one's place. Two would
/// be a trap: the earlier one's deadline could open a source again after the later one was
/// cancelled and another member was promoted.
///
/// Deadlines are held in time since boot. After a restart of the machine every debt is due at once.
///
/// Threads: safe for use by several; paying and cancelling exclude each other.
final class UndoDebts {
    private final DatabaseHost host;
    private final Map<String, OperationSpec> operations;
    private final Ledger ledger;
    private final Map<String, Debt> openByOperation = new HashMap<>();
    private final Set<String> underWay = new HashSet<>();

    UndoDebts(DatabaseHost host, Map<String, OperationSpec> operations, Ledger ledger) {
        this.host = host;
        this.operations = operations;
        this.ledger = ledger;
    }

    /// @param operation whose undo it is
    record Debt(String effectId, String operation, String bootId, Duration dueSinceBoot) {}

    /// Takes a debt over that the ledger already holds.
    synchronized void adopt(Debt debt) {
        openByOperation.put(debt.operation(), debt);
    }

    synchronized void forget(String effectId) {
        openByOperation.values().removeIf(debt -> debt.effectId().equals(effectId));
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
        openByOperation.put(debt.operation(), debt);
    }

    /// The operation of this effect begins.
    synchronized void begin(String effectId) {
        underWay.add(effectId);
    }

    /// The operation of this effect has ended, however it did.
    ///
    /// @return false if its undo was paid meanwhile: then nobody owes it any more
    synchronized boolean end(String effectId) {
        underWay.remove(effectId);
        return isOpen(effectId);
    }

    private boolean isOpen(String effectId) {
        return openByOperation.values().stream().anyMatch(d -> d.effectId().equals(effectId));
    }

    /// @return false if it was paid already, or never recorded
    synchronized boolean cancel(String effectId, String changeDigest) {
        if (!isOpen(effectId)) {
            return false;
        }
        ledger.append("undo.cancelled", host.name(), changeDigest, Map.of("effect", effectId));
        forget(effectId);
        return true;
    }

    /// Closes the debts whose undo has just been run because it was asked for.
    ///
    /// @param undo name of the operation that ran
    synchronized void settle(String undo, String changeDigest) {
        List<Debt> settled =
                openByOperation.values().stream()
                        .filter(debt -> undoOf(debt).name().equals(undo))
                        .toList();
        for (Debt debt : settled) {
            ledger.append(
                    "undo.paid",
                    host.name(),
                    changeDigest,
                    Map.of("effect", debt.effectId(), "undo", undo, "because", "it was asked for"));
            forget(debt.effectId());
        }
    }

    private OperationSpec.Undo undoOf(Debt debt) {
        OperationSpec spec = operations.get(debt.operation());
        if (spec == null || spec.undo().isEmpty()) {
            throw new IllegalStateException(
                    "operation " + debt.operation() + " has no undo any more");
        }
        return spec.undo().get();
    }

    /// Pays what is due.
    ///
    /// @param controllerIsSilent whether the controller has not been heard of for too long
    synchronized void payDue(String bootId, Duration sinceBoot, boolean controllerIsSilent)
            throws Exception {
        Optional<Debt> due =
                openByOperation.values().stream()
                        .filter(
                                debt ->
                                        controllerIsSilent
                                                || !debt.bootId().equals(bootId)
                                                || debt.dueSinceBoot().compareTo(sinceBoot) <= 0)
                        .filter(debt -> !isWaitedFor(debt, sinceBoot))
                        .findFirst();
        if (due.isEmpty()) {
            return;
        }
        OperationSpec.Undo undo = undoOf(due.get());
        undo.operation().run(host, Map.of());
        ledger.append(
                "undo.paid",
                host.name(),
                null,
                Map.of(
                        "effect", due.get().effectId(),
                        "undo", undo.name(),
                        "because",
                                controllerIsSilent
                                        ? "the controller is silent"
                                        : "its deadline passed"));
        forget(due.get().effectId());
    }

    private boolean isWaitedFor(Debt debt, Duration sinceBoot) {
        return underWay.contains(debt.effectId())
                && debt.dueSinceBoot().plus(undoOf(debt).after()).compareTo(sinceBoot) > 0;
    }
}
