package io.backstay.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Acknowledged commits over time. Pure.
public final class Throughput {
    private Throughput() {}

    /// One stretch of time.
    public record Stretch(Instant from, int commits) {}

    /// The longest time without a commit between two moments, their own edges included.
    public static Duration longestStall(
            List<AcknowledgedCommit> commits, Instant from, Instant to) {
        Instant last = from;
        Duration longest = Duration.ZERO;
        for (Instant at : sortedTimes(commits)) {
            if (at.isBefore(from) || at.isAfter(to)) {
                continue;
            }
            longest = max(longest, Duration.between(last, at));
            last = at;
        }
        return max(longest, Duration.between(last, to));
    }

    /// The longest time without a commit around a stretch of time: from the last commit before it
    /// to the first one after it. Empty if there is none before, or none after.
    public static Optional<Duration> longestStallAround(
            List<AcknowledgedCommit> commits, Instant from, Instant to) {
        List<Instant> times = sortedTimes(commits);
        Optional<Instant> before =
                times.stream().filter(at -> at.isBefore(from)).reduce((_, later) -> later);
        Optional<Instant> after = times.stream().filter(at -> at.isAfter(to)).findFirst();
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(longestStall(commits, before.get(), after.get()));
    }

    /// From the first commit to the last; empty for none.
    public static List<Stretch> of(List<AcknowledgedCommit> commits, Duration length) {
        List<Stretch> stretches = new ArrayList<>();
        List<Instant> times = sortedTimes(commits);
        int next = 0;
        Instant from = times.isEmpty() ? Instant.EPOCH : times.getFirst();
        while (next < times.size()) {
            Instant end = from.plus(length);
            int count = 0;
            while (next < times.size() && times.get(next).isBefore(end)) {
                count++;
                next++;
            }
            stretches.add(new Stretch(from, count));
            from = end;
        }
        return stretches;
    }

    private static List<Instant> sortedTimes(List<AcknowledgedCommit> commits) {
        return commits.stream().map(AcknowledgedCommit::at).sorted().toList();
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
