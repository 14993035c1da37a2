package io.backstay.guard;

import io.backstay.guard.internal.HostGuard;

/// Answers whether a target may be destroyed, by looking at this machine.
public interface Guard {

    /// Looks at everything the operation and target demand. Takes about a second, never throws for
    /// what it sees: what cannot be seen is blind, and refuses.
    GuardAnswer check(GuardRequest request);

    static Guard ofThisHost() {
        return new HostGuard();
    }
}
