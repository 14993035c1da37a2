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
/// | MemberBackedOut | `backout.done` |
/// | WaveJudged | `wave.judged` |
/// | Frozen, DecidedToGoOn | `rollout.frozen`, `rollout.decided` |
public record FactEntry(String type, String host, Map<String, String> body) {

    public static FactEntry of(RolloutFact fact) {
        return switch (fact) {
            case RolloutFact.StepIntended f -> step("step.intent", f.host(), f.attempt(), f.step());
            case RolloutFact.StepDone f -> step("step.verified", f.host(), f.attempt(), f.step());
            case RolloutFact.StepRefused f ->
                    step("guard.refused", f.host(), f.attempt(), f.step());
            case RolloutFact.StepFailed f -> step("step.failed", f.host(), f.attempt(), f.step());
            case RolloutFact.StepUnknown f -> step("step.unknown", f.host(), f.attempt(), f.step());
            case RolloutFact.MemberBackedOut f ->
                    new FactEntry(
                            "backout.done",
                            f.host(),
                            Map.of("attempt", Integer.toString(f.attempt())));
            case RolloutFact.WaveJudged f ->
                    new FactEntry("wave.judged", "", Map.of("wave", f.wave()));
            case RolloutFact.Frozen f ->
                    new FactEntry("rollout.frozen", "", Map.of("reason", f.reason()));
            case RolloutFact.DecidedToGoOn _ ->
                    new FactEntry("rollout.decided", "", Map.of("decision", "go-on"));
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
            case "backout.done" -> Optional.of(new RolloutFact.MemberBackedOut(host, attempt()));
            case "wave.judged" -> Optional.of(new RolloutFact.WaveJudged(text("wave")));
            case "rollout.frozen" -> Optional.of(new RolloutFact.Frozen(text("reason")));
            case "rollout.decided" -> Optional.of(new RolloutFact.DecidedToGoOn());
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
