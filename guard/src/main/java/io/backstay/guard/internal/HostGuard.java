package io.backstay.guard.internal;

import io.backstay.doors.Time;
import io.backstay.guard.Finding;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The guard of the machine it runs on.
public final class HostGuard implements Guard {

    @Override
    public GuardAnswer check(GuardRequest request) {
        long started = System.nanoTime();
        Instant at = Instant.now();
        List<Finding> findings = List.of();
        return new GuardAnswer(
                request.operation(),
                request.target().text(),
                Verdict.of(RequiredProbes.of(request), findings),
                findings,
                Time.bootId(),
                at,
                Duration.ofNanos(System.nanoTime() - started));
    }
}
