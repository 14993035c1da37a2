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

    /// A destroying step whose end was not known, or that failed, was looked at afresh: what it
    /// destroys is there, and its guard would clear it.
    record StepLookedAt(String host, int attempt, String step) implements RolloutFact {}

    /// The member is back in the state before the change.
    record MemberBackedOut(String host, int attempt) implements RolloutFact {}

    record WaveJudged(String wave) implements RolloutFact {}

    /// @param host where it came to a stop; empty if no single host is the reason
    /// @param step likewise
    record Frozen(String host, String step, String reason) implements RolloutFact {}

    /// Two people let a frozen run go on: with a new try of exactly the step it is frozen at.
    ///
    /// @param statement their signed word, as JSON text
    record DecidedToGoOn(String statement) implements RolloutFact {}
}
