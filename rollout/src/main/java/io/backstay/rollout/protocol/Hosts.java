package io.backstay.rollout.protocol;

import java.time.Duration;

/// The hosts of a fleet as a rollout reaches them: only through their agents.
public interface Hosts {

    /// Asks one host for one effect, and waits for how it ended.
    ///
    /// @return [Outcome.InDoubt] when the agent did not answer within the deadline: silence is
    ///   never "not done"
    Outcome perform(String host, Offer offer, Duration deadline);
}
