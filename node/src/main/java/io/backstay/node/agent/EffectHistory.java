package io.backstay.node.agent;

import io.backstay.rollout.protocol.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which effects this host has begun and ended, folded from its own ledger: an effect is performed
/// once.
///
/// ```
/// unknown ──intent──► begun ──acted | refused──► ended
///                       └──failed──► ended if it destroys, else begun again
/// ```
///
/// A destructive effect that was begun and not ended is in doubt. Any other is begun again, also
/// after it failed, since its operation looks at what is already so.
final class EffectHistory {
    private final Map<String, Outcome> ended = new HashMap<>();
    private final Set<String> begun = new HashSet<>();

    /// How an effect has ended for good; empty if it is to be performed, again or for the first
    /// time.
    Optional<Outcome> findEnded(String effectId, boolean isDestructive) {
        return Optional.ofNullable(ended.get(effectId))
                .filter(outcome -> isDestructive || !(outcome instanceof Outcome.Failed));
    }

    boolean isBegun(String effectId) {
        return begun.contains(effectId);
    }

    void begin(String effectId) {
        begun.add(effectId);
    }

    void end(String effectId, Outcome outcome) {
        ended.put(effectId, outcome);
    }
}
