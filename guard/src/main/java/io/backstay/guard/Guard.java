package io.backstay.guard;

import io.backstay.guard.internal.HostGuard;
import java.time.Duration;

/// Answers whether a target may be destroyed, by looking at this machine.
public interface Guard {

    /// Looks at everything the operation and target demand. Takes about a second, never throws for
    /// what it sees: what cannot be seen is blind, and refuses.
    GuardAnswer check(GuardRequest request);

    /// At most this long a look takes; the second look of an act has as long again.
    Duration budget();

    /// @param budget at most this long; what has not answered then is blind
    static Guard ofThisHost(Duration budget) {
        return new HostGuard(budget);
    }

    static Guard ofThisHost() {
        return new HostGuard();
    }
}
