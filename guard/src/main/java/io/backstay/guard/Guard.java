package io.backstay.guard;

import io.backstay.guard.internal.ChildGuard;
import io.backstay.guard.internal.HostGuard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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

    /// The same look, taken by a process of its own, so that a disk that hangs can delay the answer
    /// and no more. For requests that hold nothing but what `guard check` can be told.
    ///
    /// @param program that takes `guard check` and its options
    /// @param state the guard's own folder, whether it is there or not
    static Guard inChild(List<String> program, Path state, Duration budget) {
        return new ChildGuard(program, state, budget);
    }

    static Guard ofThisHost() {
        return new HostGuard();
    }
}
