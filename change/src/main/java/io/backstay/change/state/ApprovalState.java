package io.backstay.change.state;

/// Where one person's approval stands.
///
/// ```
/// Requested ► Granted | Denied | Expired | Withdrawn
/// Granted ► Stale | Revoked | Expired | Consumed
/// ```
///
/// Silence is never approval: `Requested` leads to `Granted` by the person's signature only.
public sealed interface ApprovalState {

    record Requested(String from) implements ApprovalState {}

    /// @param statement digest of the signed approval
    record Granted(String by, String statement) implements ApprovalState {}

    record Denied(String by, String reason) implements ApprovalState {}

    record Expired(String of) implements ApprovalState {}

    record Withdrawn(String of) implements ApprovalState {}

    /// A byte of what was approved has changed.
    record Stale(String by) implements ApprovalState {}

    record Revoked(String by) implements ApprovalState {}

    /// Spent on one rollout.
    record Consumed(String by, String rollout) implements ApprovalState {}

    /// The state after an event, or an illegal pair. Pure.
    static Transition<ApprovalState> next(ApprovalState state, ApprovalEvent event) {
        return switch (state) {
            case Requested s
                    when event instanceof ApprovalEvent.Signed e && e.by().equals(s.from()) ->
                    to(new Granted(e.by(), e.statement()));
            case Requested s
                    when event instanceof ApprovalEvent.Refused e && e.by().equals(s.from()) ->
                    to(new Denied(e.by(), e.reason()));
            case Requested s when event instanceof ApprovalEvent.TimePassed ->
                    to(new Expired(s.from()));
            case Requested s when event instanceof ApprovalEvent.RequestWithdrawn ->
                    to(new Withdrawn(s.from()));
            case Granted s when event instanceof ApprovalEvent.ContentChanged ->
                    to(new Stale(s.by()));
            case Granted s
                    when event instanceof ApprovalEvent.TakenBack e && e.by().equals(s.by()) ->
                    to(new Revoked(s.by()));
            case Granted s when event instanceof ApprovalEvent.TimePassed ->
                    to(new Expired(s.by()));
            case Granted s when event instanceof ApprovalEvent.Used e ->
                    to(new Consumed(s.by(), e.rollout()));
            default -> Transition.illegal(state, event);
        };
    }

    private static Transition<ApprovalState> to(ApprovalState state) {
        return new Transition.To<>(state);
    }
}
