package io.backstay.node.agent;

import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.rollout.protocol.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads an agent's own chain back into what it knows: effects begun and ended, undos still owed,
/// targets still held.
final class OwnChain {
    private OwnChain() {}

    /// @param debts takes over the undos that are still owed
    /// @param holds takes over the targets that a killed agent left held
    static EffectHistory replay(Ledger ledger, UndoDebts debts, Holds holds) {
        var history = new EffectHistory();
        for (LedgerEntry entry : ledger.entries()) {
            String effect = entry.body().path("effect").asString("");
            switch (entry.type()) {
                case "interlock.begun" ->
                        holds.begin(
                                new Holds.Hold(
                                        effect,
                                        entry.change(),
                                        Path.of(text(entry, "target")),
                                        Path.of(text(entry, "held"))));
                case "interlock.ended" -> holds.end(effect);
                case "step.intent", "step.unknown" -> {
                    history.begin(effect);
                    holds.end(effect);
                }
                case "step.acted" -> history.end(effect, new Outcome.Done(facts(entry)));
                case "step.failed" ->
                        history.end(effect, new Outcome.Failed(text(entry, "problem")));
                case "guard.refused", "permit.denied" -> {
                    history.end(effect, refused(entry));
                    holds.end(effect);
                }
                case "undo.recorded" ->
                        debts.adopt(
                                new UndoDebts.Debt(
                                        effect,
                                        text(entry, "operation"),
                                        text(entry, "boot"),
                                        Duration.ofMillis(
                                                entry.body().path("dueMillisSinceBoot").asLong())));
                case "undo.cancelled", "undo.paid" -> debts.forget(effect);
                default -> {
                    // what no effect and no debt depends on
                }
            }
        }
        return history;
    }

    private static Outcome refused(LedgerEntry entry) {
        return new Outcome.Refused(
                List.of(
                        new Outcome.Reason(
                                entry.type(), "earlier", entry.body().path("reasons").toString())));
    }

    private static Map<String, String> facts(LedgerEntry entry) {
        var facts = new TreeMap<String, String>();
        entry.body()
                .properties()
                .forEach(
                        property -> {
                            if (!property.getKey().equals("effect")) {
                                facts.put(property.getKey(), property.getValue().asString());
                            }
                        });
        return facts;
    }

    private static String text(LedgerEntry entry, String name) {
        return entry.body().path(name).asString();
    }
}
