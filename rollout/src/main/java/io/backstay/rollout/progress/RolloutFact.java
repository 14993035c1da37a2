package io.backstay.rollout.progress;

/// What has happened in one run of a change, in the order of the ledger. Facts, never wishes.
public sealed interface RolloutFact {

    /// A step's intent is durable; it may be under way.
    record StepIntended(String host, int attempt, String step) implements RolloutFact {}

    record StepDone(String host, int attempt, String step) implements RolloutFact {}

    /// The host said no. Goes on only by a person.
    record StepRefused(String host, int attempt, String step) implements RolloutFact {}

    record StepFailed(String host, int attempt, String step) implements RolloutFact {}

    /// Nobody knows whether it happened.
    record StepUnknown(String host, int attempt, String step) implements RolloutFact {}

    /// The member is back in the state before the change.
    record MemberBackedOut(String host, int attempt) implements RolloutFact {}

    record WaveJudged(String wave) implements RolloutFact {}

    record Frozen(String reason) implements RolloutFact {}

    /// Two people let a frozen run go on.
    record DecidedToGoOn() implements RolloutFact {}
}
