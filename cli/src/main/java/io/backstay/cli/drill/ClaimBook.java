package io.backstay.cli.drill;

import java.util.ArrayList;
import java.util.List;

/// What the drill claims, each with the figure it measured for it. A claim nobody measured is not
/// there.
///
/// Threads: safe for use by several.
public final class ClaimBook {
    private final List<Claim> claims = new ArrayList<>();

    /// @param measured the figure, without its unit; empty where nothing could be measured
    public record Claim(
            int act, String id, String claim, String measured, String unit, Outcome outcome) {}

    public enum Outcome {
        PASSED("passed"),
        FAILED("failed"),
        NOT_COVERED("not-covered");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public ClaimBook(List<Claim> earlier) {
        claims.addAll(earlier);
    }

    public synchronized void check(
            int act, String id, String claim, String measured, String unit, boolean holds) {
        put(new Claim(act, id, claim, measured, unit, holds ? Outcome.PASSED : Outcome.FAILED));
    }

    /// @param why it could not be shown
    public synchronized void notCovered(int act, String id, String claim, String why) {
        put(new Claim(act, id, claim, why, "", Outcome.NOT_COVERED));
    }

    /// The later word on a claim counts, but a failure stays: a claim tried seven times holds seven
    /// times.
    private void put(Claim claim) {
        if (claims.stream()
                .anyMatch(
                        earlier ->
                                earlier.id().equals(claim.id())
                                        && earlier.outcome() == Outcome.FAILED)) {
            return;
        }
        claims.removeIf(earlier -> earlier.id().equals(claim.id()));
        claims.add(claim);
    }

    public synchronized List<Claim> all() {
        return List.copyOf(claims);
    }

    /// 0 only if all hold, 1 if one failed, 4 if some are not covered.
    public synchronized int exitCode() {
        if (claims.isEmpty()
                || claims.stream().anyMatch(claim -> claim.outcome() == Outcome.FAILED)) {
            return 1;
        }
        return claims.stream().anyMatch(claim -> claim.outcome() == Outcome.NOT_COVERED) ? 4 : 0;
    }
}
