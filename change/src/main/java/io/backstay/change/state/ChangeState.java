package io.backstay.change.state;

import io.backstay.change.state.ChangeEvent.Decision;

/// Where a change stands. Each state holds exactly the data that exists then.
///
/// ```
/// Draft ► Planned ► Rehearsing ► Rehearsed ► AwaitingApproval ► Approved ► Scheduled ► RollingOut
///                     ├► RehearsalFailed, RehearsalInconclusive   └► Rejected
/// RollingOut ⇄ WaveSoaking, Paused (by a person), Frozen (by itself) ► Verifying ► Completed
/// Frozen ► (two people) RollingOut | BackingOut | Restoring
/// BackingOut ► BackedOut | Restoring | Frozen      Restoring ► Restored | Frozen
/// Completed, BackedOut, Restored ► Closed
/// ```
///
/// - Nothing leads into `RollingOut` without a verdict of the gate.
/// - `Frozen` never leaves by time, only by a decision of two people.
/// - Before the rollout, a byte changed leads back to `Draft`, and a fleet that is no longer as it
///   was planned for leads back to `Planned`, with the new plan.
/// - Break-glass leads to `Scheduled` only; the gate is asked there all the same.
public sealed interface ChangeState {

    record Draft(String change) implements ChangeState {}

    record Planned(String change, String plan) implements ChangeState {}

    record Rehearsing(String change, String plan, String run) implements ChangeState {}

    record Rehearsed(String change, String plan, String evidence) implements ChangeState {}

    record RehearsalFailed(String change, String plan, String evidence) implements ChangeState {}

    record RehearsalInconclusive(String change, String plan, String why) implements ChangeState {}

    record AwaitingApproval(String change, String plan, String evidence) implements ChangeState {}

    record Approved(String change, String plan, String evidence) implements ChangeState {}

    record Rejected(String change, String plan, String by) implements ChangeState {}

    /// @param basis digest of the evidence, or of the break-glass record
    record Scheduled(String change, String plan, String basis) implements ChangeState {}

    record Expired(String change, String plan) implements ChangeState {}

    /// @param verdict of the gate that let it begin or go on
    record RollingOut(String change, String plan, String wave, String verdict)
            implements ChangeState {}

    record WaveSoaking(String change, String plan, String wave) implements ChangeState {}

    record Paused(String change, String plan, String wave, String by) implements ChangeState {}

    record Frozen(String change, String plan, String wave, String reason) implements ChangeState {}

    record Verifying(String change, String plan) implements ChangeState {}

    record BackingOut(String change, String plan, String wave) implements ChangeState {}

    record Restoring(String change, String plan, String wave) implements ChangeState {}

    record Completed(String change, String plan) implements ChangeState {}

    record BackedOut(String change, String plan) implements ChangeState {}

    record Restored(String change, String plan) implements ChangeState {}

    record Closed(String change, String outcome) implements ChangeState {}

    /// The state after an event, or an illegal pair. Pure.
    static Transition<ChangeState> next(ChangeState state, ChangeEvent event) {
        return switch (state) {
            case Draft s when event instanceof ChangeEvent.Edited e -> to(new Draft(e.change()));
            case Draft s when event instanceof ChangeEvent.Planned e ->
                    to(new Planned(s.change(), e.plan()));
            case Planned s when event instanceof ChangeEvent.RehearsalStarted e ->
                    to(new Rehearsing(s.change(), s.plan(), e.run()));
            case Planned s -> beforeRollout(s, s.change(), s.plan(), event);
            case Rehearsing s when event instanceof ChangeEvent.RehearsalPassed e ->
                    to(new Rehearsed(s.change(), s.plan(), e.evidence()));
            case Rehearsing s when event instanceof ChangeEvent.RehearsalFailed e ->
                    to(new RehearsalFailed(s.change(), s.plan(), e.evidence()));
            case Rehearsing s when event instanceof ChangeEvent.RehearsalInconclusive e ->
                    to(new RehearsalInconclusive(s.change(), s.plan(), e.why()));
            case Rehearsing s when event instanceof ChangeEvent.Edited e ->
                    to(new Draft(e.change()));
            case RehearsalFailed s when event instanceof ChangeEvent.RehearsalStarted e ->
                    to(new Rehearsing(s.change(), s.plan(), e.run()));
            case RehearsalFailed s -> beforeRollout(s, s.change(), s.plan(), event);
            case RehearsalInconclusive s when event instanceof ChangeEvent.RehearsalStarted e ->
                    to(new Rehearsing(s.change(), s.plan(), e.run()));
            case RehearsalInconclusive s -> beforeRollout(s, s.change(), s.plan(), event);
            case Rehearsed s when event instanceof ChangeEvent.ApprovalRequested ->
                    to(new AwaitingApproval(s.change(), s.plan(), s.evidence()));
            case Rehearsed s when event instanceof ChangeEvent.EvidenceExpired ->
                    to(new Expired(s.change(), s.plan()));
            case Rehearsed s -> beforeRollout(s, s.change(), s.plan(), event);
            case AwaitingApproval s when event instanceof ChangeEvent.ApprovalsComplete ->
                    to(new Approved(s.change(), s.plan(), s.evidence()));
            case AwaitingApproval s when event instanceof ChangeEvent.ApprovalDenied e ->
                    to(new Rejected(s.change(), s.plan(), e.by()));
            case AwaitingApproval s when event instanceof ChangeEvent.EvidenceExpired ->
                    to(new Expired(s.change(), s.plan()));
            case AwaitingApproval s -> beforeRollout(s, s.change(), s.plan(), event);
            case Approved s when event instanceof ChangeEvent.Scheduled ->
                    to(new Scheduled(s.change(), s.plan(), s.evidence()));
            case Approved s when event instanceof ChangeEvent.EvidenceExpired ->
                    to(new Expired(s.change(), s.plan()));
            case Approved s -> beforeRollout(s, s.change(), s.plan(), event);
            case Rejected s when event instanceof ChangeEvent.Edited e -> to(new Draft(e.change()));
            case Expired s when event instanceof ChangeEvent.RehearsalStarted e ->
                    to(new Rehearsing(s.change(), s.plan(), e.run()));
            case Expired s -> beforeRollout(s, s.change(), s.plan(), event);
            case Scheduled s when event instanceof ChangeEvent.GateAllowed e ->
                    to(new RollingOut(s.change(), s.plan(), e.wave(), e.verdict()));
            case Scheduled s when event instanceof ChangeEvent.EvidenceExpired ->
                    to(new Expired(s.change(), s.plan()));
            case Scheduled s when event instanceof ChangeEvent.BreakGlassOpened ->
                    Transition.illegal(s, event);
            case Scheduled s -> beforeRollout(s, s.change(), s.plan(), event);
            case RollingOut s -> rollingOut(s, event);
            case WaveSoaking s when event instanceof ChangeEvent.GateAllowed e ->
                    to(new RollingOut(s.change(), s.plan(), e.wave(), e.verdict()));
            case WaveSoaking s when event instanceof ChangeEvent.LastWaveDone ->
                    to(new Verifying(s.change(), s.plan()));
            case WaveSoaking s when event instanceof ChangeEvent.Paused e ->
                    to(new Paused(s.change(), s.plan(), s.wave(), e.by()));
            case WaveSoaking s when event instanceof ChangeEvent.Frozen e ->
                    to(new Frozen(s.change(), s.plan(), s.wave(), e.reason()));
            case Paused s when event instanceof ChangeEvent.Resumed e ->
                    to(new RollingOut(s.change(), s.plan(), s.wave(), e.verdict()));
            case Paused s when event instanceof ChangeEvent.Frozen e ->
                    to(new Frozen(s.change(), s.plan(), s.wave(), e.reason()));
            case Frozen s when event instanceof ChangeEvent.Decided e -> to(decided(s, e));
            case Verifying s when event instanceof ChangeEvent.Verified ->
                    to(new Completed(s.change(), s.plan()));
            case Verifying s when event instanceof ChangeEvent.Frozen e ->
                    to(new Frozen(s.change(), s.plan(), "verify", e.reason()));
            case BackingOut s when event instanceof ChangeEvent.BackoutDone ->
                    to(new BackedOut(s.change(), s.plan()));
            case BackingOut s when event instanceof ChangeEvent.RestoreNeeded ->
                    to(new Restoring(s.change(), s.plan(), s.wave()));
            case BackingOut s when event instanceof ChangeEvent.Frozen e ->
                    to(new Frozen(s.change(), s.plan(), s.wave(), e.reason()));
            case Restoring s when event instanceof ChangeEvent.RestoreDone ->
                    to(new Restored(s.change(), s.plan()));
            case Restoring s when event instanceof ChangeEvent.Frozen e ->
                    to(new Frozen(s.change(), s.plan(), s.wave(), e.reason()));
            case Completed s when event instanceof ChangeEvent.Reviewed ->
                    to(new Closed(s.change(), "completed"));
            case BackedOut s when event instanceof ChangeEvent.Reviewed ->
                    to(new Closed(s.change(), "backed out"));
            case Restored s when event instanceof ChangeEvent.Reviewed ->
                    to(new Closed(s.change(), "restored"));
            default -> Transition.illegal(state, event);
        };
    }

    /// What may happen to every change that has a plan and is not under way.
    private static Transition<ChangeState> beforeRollout(
            ChangeState state, String change, String plan, ChangeEvent event) {
        return switch (event) {
            case ChangeEvent.Edited e -> to(new Draft(e.change()));
            case ChangeEvent.Drifted e -> to(new Planned(change, e.plan()));
            case ChangeEvent.BreakGlassOpened e -> to(new Scheduled(change, plan, e.record()));
            default -> Transition.illegal(state, event);
        };
    }

    private static Transition<ChangeState> rollingOut(RollingOut s, ChangeEvent event) {
        return switch (event) {
            case ChangeEvent.WaveDone _ -> to(new WaveSoaking(s.change(), s.plan(), s.wave()));
            case ChangeEvent.LastWaveDone _ -> to(new Verifying(s.change(), s.plan()));
            case ChangeEvent.Paused e -> to(new Paused(s.change(), s.plan(), s.wave(), e.by()));
            case ChangeEvent.Frozen e -> to(new Frozen(s.change(), s.plan(), s.wave(), e.reason()));
            default -> Transition.illegal(s, event);
        };
    }

    private static ChangeState decided(Frozen s, ChangeEvent.Decided e) {
        return switch (e.decision()) {
            case Decision.GoOn(String verdict) ->
                    new RollingOut(s.change(), s.plan(), s.wave(), verdict);
            case Decision.BackOut() -> new BackingOut(s.change(), s.plan(), s.wave());
            case Decision.Restore() -> new Restoring(s.change(), s.plan(), s.wave());
        };
    }

    private static Transition<ChangeState> to(ChangeState state) {
        return new Transition.To<>(state);
    }
}
