package io.backstay.change.state;

/// Where a planned change of source stands.
///
/// ```
/// Checked ► CaughtUp ► Fenced ► Drained ► Promoted ► Thawed ► Repointed ► Verified
///    └─────────┴► Undone   └────────┴► Undoing ► Undone | Stuck
/// Promoted, Thawed, Repointed ► Stuck
/// ```
///
/// - Before `Promoted` every failure and every deadline is undone, on a fresh deadline.
/// - After it there is only forward; what fails there waits for a person in `Stuck`.
public sealed interface SwitchoverState {

    /// @param source as expected and as found
    record Checked(String source, String candidate) implements SwitchoverState {}

    record CaughtUp(String source, String candidate) implements SwitchoverState {}

    /// Writes stop; the undo is armed.
    record Fenced(String source, String candidate, String undo) implements SwitchoverState {}

    /// @param gtids equal on both
    record Drained(String source, String candidate, String undo, String gtids)
            implements SwitchoverState {}

    record Promoted(String oldSource, String newSource) implements SwitchoverState {}

    record Thawed(String oldSource, String newSource) implements SwitchoverState {}

    record Repointed(String oldSource, String newSource) implements SwitchoverState {}

    record Verified(String newSource) implements SwitchoverState {}

    record Undoing(String source, String undo, String reason) implements SwitchoverState {}

    record Undone(String source, String reason) implements SwitchoverState {}

    record Stuck(String why) implements SwitchoverState {}

    /// The state after an event, or an illegal pair. Pure.
    static Transition<SwitchoverState> next(SwitchoverState state, SwitchoverEvent event) {
        return switch (state) {
            case Checked s when event instanceof SwitchoverEvent.CandidateCaughtUp ->
                    to(new CaughtUp(s.source(), s.candidate()));
            case Checked s when event instanceof SwitchoverEvent.Failed e ->
                    to(new Undone(s.source(), e.reason()));
            case CaughtUp s when event instanceof SwitchoverEvent.SourceFenced e ->
                    to(new Fenced(s.source(), s.candidate(), e.undo()));
            case CaughtUp s when event instanceof SwitchoverEvent.Failed e ->
                    to(new Undone(s.source(), e.reason()));
            case Fenced s when event instanceof SwitchoverEvent.GtidsEqual e ->
                    to(new Drained(s.source(), s.candidate(), s.undo(), e.gtids()));
            case Fenced s when event instanceof SwitchoverEvent.Failed e ->
                    to(new Undoing(s.source(), s.undo(), e.reason()));
            case Drained s when event instanceof SwitchoverEvent.CandidatePromoted ->
                    to(new Promoted(s.source(), s.candidate()));
            case Drained s when event instanceof SwitchoverEvent.Failed e ->
                    to(new Undoing(s.source(), s.undo(), e.reason()));
            case Undoing s when event instanceof SwitchoverEvent.UndoPaid ->
                    to(new Undone(s.source(), s.reason()));
            case Undoing s when event instanceof SwitchoverEvent.Failed e ->
                    to(new Stuck(s.reason() + "; undo: " + e.reason()));
            case Promoted s when event instanceof SwitchoverEvent.WritesThawed ->
                    to(new Thawed(s.oldSource(), s.newSource()));
            case Promoted _ when event instanceof SwitchoverEvent.Failed e ->
                    to(new Stuck(e.reason()));
            case Thawed s when event instanceof SwitchoverEvent.ReplicasRepointed ->
                    to(new Repointed(s.oldSource(), s.newSource()));
            case Thawed _ when event instanceof SwitchoverEvent.Failed e ->
                    to(new Stuck(e.reason()));
            case Repointed s when event instanceof SwitchoverEvent.ServiceVerified ->
                    to(new Verified(s.newSource()));
            case Repointed _ when event instanceof SwitchoverEvent.Failed e ->
                    to(new Stuck(e.reason()));
            default -> Transition.illegal(state, event);
        };
    }

    private static Transition<SwitchoverState> to(SwitchoverState state) {
        return new Transition.To<>(state);
    }
}
