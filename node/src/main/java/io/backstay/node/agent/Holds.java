package io.backstay.node.agent;

import io.backstay.guard.Interlock;
import io.backstay.ledger.Ledger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Targets that an agent held when it was killed, before it had written the intent to destroy them.
///
/// ```
/// interlock.begun ──intent | refused──► (gone)
///        └──killed; next start──► put back: interlock.ended
///                          └──neither name leads to it, or both exist: step.unknown
/// ```
final class Holds {
    private final Map<String, Hold> openByEffect = new LinkedHashMap<>();

    /// @param target the name that everybody knows
    /// @param held the name of the hold
    record Hold(String effectId, @Nullable String changeDigest, Path target, Path held) {}

    void begin(Hold hold) {
        openByEffect.put(hold.effectId(), hold);
    }

    void end(String effectId) {
        openByEffect.remove(effectId);
    }

    /// Gives what is still held its own name again, so that it is looked at afresh.
    ///
    /// @param history learns which effects are in doubt, as a held target can't be put back
    void putBack(Ledger ledger, String host, EffectHistory history) {
        for (Hold hold : List.copyOf(openByEffect.values())) {
            switch (Interlock.putBack(hold.target(), hold.held())) {
                case UNDER_ITS_OWN_NAME -> ended(hold, ledger, host, "it had its own name");
                case PUT_BACK -> ended(hold, ledger, host, "it was put back");
                case NAME_TAKEN ->
                        unknown(
                                hold,
                                ledger,
                                host,
                                history,
                                "%s was held as %s when the agent was killed, and now both exist: compare them, then remove or rename one"
                                        .formatted(hold.target(), hold.held()));
                case GONE ->
                        unknown(
                                hold,
                                ledger,
                                host,
                                history,
                                "%s was held as %s when the agent was killed, and now neither exists"
                                        .formatted(hold.target(), hold.held()));
            }
        }
    }

    private void ended(Hold hold, Ledger ledger, String host, String because) {
        ledger.append(
                "interlock.ended",
                host,
                hold.changeDigest(),
                Map.of(
                        "effect", hold.effectId(),
                        "target", hold.target().toString(),
                        "held", hold.held().toString(),
                        "because", "the agent was killed before its intent; " + because));
        end(hold.effectId());
    }

    private void unknown(Hold hold, Ledger ledger, String host, EffectHistory history, String why) {
        ledger.append(
                "step.unknown",
                host,
                hold.changeDigest(),
                Map.of("effect", hold.effectId(), "why", why));
        history.begin(hold.effectId());
        end(hold.effectId());
    }
}
