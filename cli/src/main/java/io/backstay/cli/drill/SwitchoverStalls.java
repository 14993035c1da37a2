package io.backstay.cli.drill;

import io.backstay.lab.AcknowledgedCommit;
import io.backstay.lab.Throughput;
import io.backstay.ledger.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How long clients could not write while their source moved, as they saw it themselves: from their
/// last acknowledged write before it was frozen to their first one after it was thawed.
final class SwitchoverStalls {
    private final Stage stage;
    private final List<LedgerEntry> frozen;
    private final List<LedgerEntry> thawed;

    /// @param frozen `switchover.frozen` of the run, in order
    /// @param thawed `switchover.thawed` of the run, in order: one for each switchover that moved a
    ///   source
    SwitchoverStalls(Stage stage, List<LedgerEntry> frozen, List<LedgerEntry> thawed) {
        this.stage = stage;
        this.frozen = frozen;
        this.thawed = thawed;
    }

    void claim(Duration acceptable) {
        String claim =
                "the longest time clients could not write during a switchover, acceptable %d s"
                        .formatted(acceptable.toSeconds());
        var stalls = new ArrayList<Duration>();
        int cut = 0;
        int unended = 0;
        for (LedgerEntry end : thawed) {
            Instant from = begin(end);
            List<AcknowledgedCommit> commits = stage.traffic(cluster(end)).acknowledged();
            if (wasStoppedWithin(from, firstAfter(end.time(), commits))) {
                cut++;
                continue;
            }
            Optional<Duration> stall = Throughput.longestStallAround(commits, from, end.time());
            stall.ifPresent(stalls::add);
            unended += stall.isEmpty() ? 1 : 0;
        }
        Duration longest = stalls.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
        if (unended > 0) {
            stage.claims.check(
                    3,
                    "switchover-stall",
                    claim,
                    "no write after %d".formatted(unended),
                    "",
                    false);
        } else if (cut > 0 && longest.compareTo(acceptable) <= 0) {
            stage.claims.notCovered(
                    3,
                    "switchover-stall",
                    claim,
                    "the drill was stopped within %d of %d switchovers"
                            .formatted(cut, thawed.size()));
        } else {
            stage.claims.check(
                    3,
                    "switchover-stall",
                    claim,
                    "%.2f".formatted(longest.toMillis() / 1e3),
                    "s",
                    !stalls.isEmpty() && longest.compareTo(acceptable) <= 0);
        }
    }

    /// Clients end with the drill: what they did not write meanwhile says nothing of a switchover.
    private boolean wasStoppedWithin(Instant from, Instant to) {
        return Prologue.resumedAt(stage).stream()
                .anyMatch(at -> at.isAfter(from) && at.isBefore(to));
    }

    private static Instant firstAfter(Instant end, List<AcknowledgedCommit> commits) {
        return commits.stream()
                .map(AcknowledgedCommit::at)
                .filter(at -> at.isAfter(end))
                .min(Comparator.naturalOrder())
                .orElse(end);
    }

    /// When its last try was frozen.
    private Instant begin(LedgerEntry end) {
        return frozen.stream()
                .filter(entry -> cluster(entry).equals(cluster(end)))
                .map(LedgerEntry::time)
                .filter(at -> at.isBefore(end.time()))
                .reduce((_, later) -> later)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "thawed and never frozen: " + cluster(end)));
    }

    private static String cluster(LedgerEntry entry) {
        return entry.body().path("cluster").asString("");
    }
}
