package io.backstay.change.state;

/// Where one step on one host stands.
///
/// ```
/// Pending ► Leased ► Guarding ► Cleared ► UndoRecorded ► Acting ► Acted ► Verifying ► Done
///                      └► Refused            └──────────────┴► InDoubt ► Probing ► Acted | NotActed
/// Acting, Verifying ► Failed ► BackingOut ► BackedOut | NeedsRestore ► Restoring ► Restored
/// ```
///
/// - `Refused` goes on only by a person, never by retry.
/// - Once the undo is recorded, an actor that is gone leaves the step `InDoubt`: it is looked at
///   afresh, never sent again.
/// - `Quarantined` is where a person must look.
public sealed interface StepState {

    record Pending() implements StepState {}

    record Leased(String lease) implements StepState {}

    /// @param nonce drawn by the host
    record Guarding(String lease, String nonce) implements StepState {}

    /// @param permit digest; good for seconds
    record Cleared(String permit) implements StepState {}

    record Refused(String reason) implements StepState {}

    /// @param undo what takes the step back, written down before it begins; empty if nothing does
    record UndoRecorded(String permit, String undo) implements StepState {}

    record Acting(String permit, String undo) implements StepState {}

    record Acted(String undo) implements StepState {}

    record Verifying(String undo) implements StepState {}

    record Done(String undo) implements StepState {}

    record Failed(String undo, String reason) implements StepState {}

    record InDoubt(String undo, String why) implements StepState {}

    record Probing(String undo) implements StepState {}

    record NotActed(String undo) implements StepState {}

    record BackingOut(String undo) implements StepState {}

    record BackedOut() implements StepState {}

    record NeedsRestore(String why) implements StepState {}

    record Restoring() implements StepState {}

    record Restored() implements StepState {}

    record Quarantined(String why) implements StepState {}

    /// The state after an event, or an illegal pair. Pure.
    static Transition<StepState> next(StepState state, StepEvent event) {
        return switch (state) {
            case Pending _ when event instanceof StepEvent.LeaseTaken e ->
                    to(new Leased(e.lease()));
            case Leased s when event instanceof StepEvent.GuardAsked e ->
                    to(new Guarding(s.lease(), e.nonce()));
            case Leased _ when event instanceof StepEvent.LeaseLost -> to(new Pending());
            case Guarding _ when event instanceof StepEvent.GuardCleared e ->
                    to(new Cleared(e.permit()));
            case Guarding _ when event instanceof StepEvent.GuardRefused e ->
                    to(new Refused(e.reason()));
            case Guarding _ when event instanceof StepEvent.LeaseLost -> to(new Pending());
            case Cleared s when event instanceof StepEvent.UndoWritten e ->
                    to(new UndoRecorded(s.permit(), e.undo()));
            case Cleared _ when event instanceof StepEvent.PermitExpired -> to(new Pending());
            case Cleared _ when event instanceof StepEvent.GuardRefused e ->
                    to(new Refused(e.reason()));
            case UndoRecorded s when event instanceof StepEvent.ActStarted ->
                    to(new Acting(s.permit(), s.undo()));
            case UndoRecorded s when event instanceof StepEvent.ActorLost e ->
                    to(new InDoubt(s.undo(), e.why()));
            case Acting s when event instanceof StepEvent.ActSucceeded -> to(new Acted(s.undo()));
            case Acting s when event instanceof StepEvent.ActFailed e ->
                    to(new Failed(s.undo(), e.reason()));
            case Acting s when event instanceof StepEvent.ActorLost e ->
                    to(new InDoubt(s.undo(), e.why()));
            case Acted s when event instanceof StepEvent.VerifyStarted ->
                    to(new Verifying(s.undo()));
            case Verifying s when event instanceof StepEvent.VerifyPassed -> to(new Done(s.undo()));
            case Verifying s when event instanceof StepEvent.VerifyFailed e ->
                    to(new Failed(s.undo(), e.reason()));
            case Done s when event instanceof StepEvent.BackoutStarted -> to(backOut(s.undo()));
            case Failed s when event instanceof StepEvent.BackoutStarted -> to(backOut(s.undo()));
            case Failed _ when event instanceof StepEvent.GivenUp e -> to(new Quarantined(e.why()));
            case InDoubt s when event instanceof StepEvent.ProbeStarted ->
                    to(new Probing(s.undo()));
            case Probing s when event instanceof StepEvent.FoundActed -> to(new Acted(s.undo()));
            case Probing s when event instanceof StepEvent.FoundNotActed ->
                    to(new NotActed(s.undo()));
            case Probing _ when event instanceof StepEvent.GivenUp e ->
                    to(new Quarantined(e.why()));
            case NotActed _ when event instanceof StepEvent.PersonDecided -> to(new Pending());
            case NotActed s when event instanceof StepEvent.BackoutStarted -> to(backOut(s.undo()));
            case Refused _ when event instanceof StepEvent.PersonDecided -> to(new Pending());
            case BackingOut _ when event instanceof StepEvent.BackoutDone -> to(new BackedOut());
            case BackingOut _ when event instanceof StepEvent.BackoutFailed e ->
                    to(new NeedsRestore(e.reason()));
            case BackedOut _ when event instanceof StepEvent.PersonDecided -> to(new Pending());
            case NeedsRestore _ when event instanceof StepEvent.RestoreStarted ->
                    to(new Restoring());
            case NeedsRestore _ when event instanceof StepEvent.GivenUp e ->
                    to(new Quarantined(e.why()));
            case Restoring _ when event instanceof StepEvent.RestoreDone -> to(new Restored());
            case Restoring _ when event instanceof StepEvent.GivenUp e ->
                    to(new Quarantined(e.why()));
            default -> Transition.illegal(state, event);
        };
    }

    /// What no undo takes back can only be restored.
    private static StepState backOut(String undo) {
        return undo.isEmpty() ? new NeedsRestore("the step has no undo") : new BackingOut(undo);
    }

    private static Transition<StepState> to(StepState state) {
        return new Transition.To<>(state);
    }
}
