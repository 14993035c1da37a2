package io.backstay.rollout.run;

import io.backstay.rollout.progress.RolloutFact;
import java.util.Map;
import java.util.Optional;

/// How a rollout's fact stands in the ledger, and how it is read from there again.
///
/// | Fact | Entry type |
/// | --- | --- |
/// | StepIntended, StepDone, StepFailed, StepUnknown | `step.intent`, `step.verified`, `step.failed`, `step.unknown` |
/// | StepRefused | `guard.refused` |
/// | StepLookedAt | `step.probed` |
/// | MemberBackedOut | `backout.done` |
/// | WaveJudged | `wave.judged` |
/// | Frozen, DecidedToGoOn | `rollout.frozen`, `rollout.decided` |
public record FactEntry(String type, String host, Map<String, String> body) {
    static final String FROZEN = "rollout.frozen";
    static final String DECIDED = "rollout.decided";

    /// Where the entry of a decision holds the signed word of the people who made it.
    static final String STATEMENT = "statement";

    public static FactEntry of(RolloutFact fact) {
        return switch (fact) {
            case RolloutFact.StepIntended f -> step("step.intent", f.host(), f.attempt(), f.step());
            case RolloutFact.StepDone f -> step("step.verified", f.host(), f.attempt(), f.step());
            case RolloutFact.StepRefused f ->
                    step("guard.refused", f.host(), f.attempt(), f.step());
            case RolloutFact.StepFailed f -> step("step.failed", f.host(), f.attempt(), f.step());
            case RolloutFact.StepUnknown f -> step("step.unknown", f.host(), f.attempt(), f.step());
            case RolloutFact.StepLookedAt f -> step("step.probed", f.host(), f.attempt(), f.step());
            case RolloutFact.MemberBackedOut f ->
                    new FactEntry(
                            "backout.done",
                            f.host(),
                            Map.of("attempt", Integer.toString(f.attempt())));
            case RolloutFact.WaveJudged f ->
                    new FactEntry("wave.judged", "", Map.of("wave", f.wave()));
            case RolloutFact.Frozen f ->
                    new FactEntry(
                            FROZEN,
                            "",
                            Map.of("reason", f.reason(), "at", f.host(), "step", f.step()));
            case RolloutFact.DecidedToGoOn f ->
                    new FactEntry(
                            DECIDED, "", Map.of("decision", "go-on", STATEMENT, f.statement()));
        };
    }

    private static FactEntry step(String type, String host, int attempt, String step) {
        return new FactEntry(
                type, host, Map.of("attempt", Integer.toString(attempt), "step", step));
    }

    /// The fact an entry stands for; empty for an entry that no state depends on.
    public Optional<RolloutFact> fact() {
        return switch (type) {
            case "step.intent" ->
                    Optional.of(new RolloutFact.StepIntended(host, attempt(), text("step")));
            case "step.verified" ->
                    Optional.of(new RolloutFact.StepDone(host, attempt(), text("step")));
            case "guard.refused" ->
                    Optional.of(new RolloutFact.StepRefused(host, attempt(), text("step")));
            case "step.failed" ->
                    Optional.of(new RolloutFact.StepFailed(host, attempt(), text("step")));
            case "step.unknown" ->
                    Optional.of(new RolloutFact.StepUnknown(host, attempt(), text("step")));
            case "step.probed" ->
                    Optional.of(new RolloutFact.StepLookedAt(host, attempt(), text("step")));
            case "backout.done" -> Optional.of(new RolloutFact.MemberBackedOut(host, attempt()));
            case "wave.judged" -> Optional.of(new RolloutFact.WaveJudged(text("wave")));
            case FROZEN ->
                    Optional.of(new RolloutFact.Frozen(text("at"), text("step"), text("reason")));
            case DECIDED ->
                    Optional.of(new RolloutFact.DecidedToGoOn(body.getOrDefault(STATEMENT, "")));
            default -> Optional.empty();
        };
    }

    private int attempt() {
        return Integer.parseInt(text("attempt"));
    }

    private String text(String name) {
        String value = body.get(name);
        if (value == null) {
            throw new IllegalStateException("entry " + type + " of " + host + " has no " + name);
        }
        return value;
    }
}
