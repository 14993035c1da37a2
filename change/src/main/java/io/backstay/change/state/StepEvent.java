package io.backstay.change.state;

/// A fact about one step on one host.
public sealed interface StepEvent {

    record LeaseTaken(String lease) implements StepEvent {}

    record LeaseLost() implements StepEvent {}

    record GuardAsked(String nonce) implements StepEvent {}

    record GuardCleared(String permit) implements StepEvent {}

    record GuardRefused(String reason) implements StepEvent {}

    record PermitExpired() implements StepEvent {}

    /// @param undo empty if nothing takes the step back
    record UndoWritten(String undo) implements StepEvent {}

    record ActStarted() implements StepEvent {}

    record ActSucceeded() implements StepEvent {}

    record ActFailed(String reason) implements StepEvent {}

    /// Nobody can say what the host did.
    record ActorLost(String why) implements StepEvent {}

    record VerifyStarted() implements StepEvent {}

    record VerifyPassed() implements StepEvent {}

    record VerifyFailed(String reason) implements StepEvent {}

    record ProbeStarted() implements StepEvent {}

    record FoundActed() implements StepEvent {}

    record FoundNotActed() implements StepEvent {}

    record BackoutStarted() implements StepEvent {}

    record BackoutDone() implements StepEvent {}

    record BackoutFailed(String reason) implements StepEvent {}

    record RestoreStarted() implements StepEvent {}

    record RestoreDone() implements StepEvent {}

    /// A person has looked, and lets the step begin afresh, with a new permit.
    record PersonDecided(String by) implements StepEvent {}

    record GivenUp(String why) implements StepEvent {}
}
