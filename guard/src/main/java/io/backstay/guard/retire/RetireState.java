package io.backstay.guard.retire;

import io.backstay.binlog.MariaDbGtidState;
import java.util.Optional;

/// Where the retirement of one host stands.
///
/// ```
/// (none) ─Begin─► Begun ─Fence─► Fenced ─Stop─► Stopping ─Stopped─► Stopped ─Destroy─► Destroying
///                                 ▲  └Fence┘      │                   ▲                  │ │ │
///                                 └────Fence──────┘                   └──────Keep────────┘ │ │
///   Gone ◄─Vanish──────────────────────────────────────────────────────────────────────────┘ │
///   InDoubt ◄─Lose───────────────────────────────────────────────────────────────────────────┘
///   Undone ◄─Undo─ Begun, Fenced, Stopping, Stopped
///   Gone, Undone ─Begin─► Begun
/// ```
///
/// From `InDoubt` no arrow leads on: a person must look.
public sealed interface RetireState {

    record Begun(Before before) implements RetireState {}

    /// @param end `gtid_binlog_state` when it was fenced
    record Fenced(Before before, MariaDbGtidState end) implements RetireState {}

    /// Its server is told to stop, or about to be told.
    record Stopping(Before before, MariaDbGtidState end) implements RetireState {}

    record Stopped(Before before, MariaDbGtidState end) implements RetireState {}

    record Destroying(Before before, MariaDbGtidState end) implements RetireState {}

    record Gone() implements RetireState {}

    record Undone() implements RetireState {}

    record InDoubt() implements RetireState {}

    /// A fact.
    sealed interface Event {
        record Begin(Before before) implements Event {}

        record Fence(MariaDbGtidState end) implements Event {}

        record Stop() implements Event {}

        record Stopped() implements Event {}

        record Destroy() implements Event {}

        /// The destroying was refused before it began.
        record Keep() implements Event {}

        record Vanish() implements Event {}

        record Lose() implements Event {}

        record Undo() implements Event {}
    }

    /// Pure.
    ///
    /// @param state empty if there was none yet
    /// @return empty if no arrow leads from there
    static Optional<RetireState> next(Optional<RetireState> state, Event event) {
        return switch (event) {
            case Event.Begin(Before before) ->
                    state.isEmpty() || state.get() instanceof Gone || state.get() instanceof Undone
                            ? Optional.of(new Begun(before))
                            : Optional.empty();
            case Event.Fence(MariaDbGtidState end) ->
                    state.filter(s -> !(s instanceof Stopped || s instanceof Destroying))
                            .flatMap(RetireState::before)
                            .map(before -> new Fenced(before, end));
            case Event.Stop _ ->
                    state.<RetireState>flatMap(
                            s ->
                                    s instanceof Fenced(Before before, MariaDbGtidState end)
                                            ? Optional.of(new Stopping(before, end))
                                            : Optional.empty());
            case Event.Stopped _ ->
                    state.<RetireState>flatMap(
                            s ->
                                    s instanceof Stopping(Before before, MariaDbGtidState end)
                                            ? Optional.of(new Stopped(before, end))
                                            : Optional.empty());
            case Event.Destroy _ ->
                    state.<RetireState>flatMap(
                            s ->
                                    s instanceof Stopped(Before before, MariaDbGtidState end)
                                            ? Optional.of(new Destroying(before, end))
                                            : Optional.empty());
            case Event.Keep _ ->
                    state.<RetireState>flatMap(
                            s ->
                                    s instanceof Destroying(Before before, MariaDbGtidState end)
                                            ? Optional.of(new Stopped(before, end))
                                            : Optional.empty());
            case Event.Vanish _ -> state.filter(Destroying.class::isInstance).map(_ -> new Gone());
            case Event.Lose _ -> state.filter(Destroying.class::isInstance).map(_ -> new InDoubt());
            case Event.Undo _ ->
                    state.filter(s -> !(s instanceof Destroying))
                            .flatMap(RetireState::before)
                            .map(_ -> new Undone());
        };
    }

    /// What undo needs; empty where there is nothing to undo.
    static Optional<Before> before(RetireState state) {
        return switch (state) {
            case Begun(Before before) -> Optional.of(before);
            case Fenced(Before before, _) -> Optional.of(before);
            case Stopping(Before before, _) -> Optional.of(before);
            case Stopped(Before before, _) -> Optional.of(before);
            case Destroying(Before before, _) -> Optional.of(before);
            case Gone _, Undone _, InDoubt _ -> Optional.empty();
        };
    }
}
