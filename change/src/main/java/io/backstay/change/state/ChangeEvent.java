package io.backstay.change.state;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// A fact about a change that moves it from state to state. Digests are hexadecimal SHA-256.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ChangeEvent.Edited.class, name = "edited"),
    @JsonSubTypes.Type(value = ChangeEvent.Planned.class, name = "planned"),
    @JsonSubTypes.Type(value = ChangeEvent.Drifted.class, name = "drifted"),
    @JsonSubTypes.Type(value = ChangeEvent.RehearsalStarted.class, name = "rehearsal-started"),
    @JsonSubTypes.Type(value = ChangeEvent.RehearsalPassed.class, name = "rehearsal-passed"),
    @JsonSubTypes.Type(value = ChangeEvent.RehearsalFailed.class, name = "rehearsal-failed"),
    @JsonSubTypes.Type(
            value = ChangeEvent.RehearsalInconclusive.class,
            name = "rehearsal-inconclusive"),
    @JsonSubTypes.Type(value = ChangeEvent.ApprovalRequested.class, name = "approval-requested"),
    @JsonSubTypes.Type(value = ChangeEvent.ApprovalsComplete.class, name = "approvals-complete"),
    @JsonSubTypes.Type(value = ChangeEvent.ApprovalDenied.class, name = "approval-denied"),
    @JsonSubTypes.Type(value = ChangeEvent.BreakGlassOpened.class, name = "break-glass-opened"),
    @JsonSubTypes.Type(value = ChangeEvent.EvidenceExpired.class, name = "evidence-expired"),
    @JsonSubTypes.Type(value = ChangeEvent.Scheduled.class, name = "scheduled"),
    @JsonSubTypes.Type(value = ChangeEvent.GateAllowed.class, name = "gate-allowed"),
    @JsonSubTypes.Type(value = ChangeEvent.WaveDone.class, name = "wave-done"),
    @JsonSubTypes.Type(value = ChangeEvent.LastWaveDone.class, name = "last-wave-done"),
    @JsonSubTypes.Type(value = ChangeEvent.Paused.class, name = "paused"),
    @JsonSubTypes.Type(value = ChangeEvent.Resumed.class, name = "resumed"),
    @JsonSubTypes.Type(value = ChangeEvent.Frozen.class, name = "frozen"),
    @JsonSubTypes.Type(value = ChangeEvent.Decided.class, name = "decided"),
    @JsonSubTypes.Type(value = ChangeEvent.Verified.class, name = "verified"),
    @JsonSubTypes.Type(value = ChangeEvent.BackoutDone.class, name = "backout-done"),
    @JsonSubTypes.Type(value = ChangeEvent.RestoreNeeded.class, name = "restore-needed"),
    @JsonSubTypes.Type(value = ChangeEvent.RestoreDone.class, name = "restore-done"),
    @JsonSubTypes.Type(value = ChangeEvent.Reviewed.class, name = "reviewed")
})
public sealed interface ChangeEvent {

    /// @param change digest of the new bytes
    record Edited(String change) implements ChangeEvent {}

    record Planned(String plan) implements ChangeEvent {}

    /// @param plan digest of the plan as it resolves now
    record Drifted(String plan) implements ChangeEvent {}

    record RehearsalStarted(String run) implements ChangeEvent {}

    record RehearsalPassed(String evidence) implements ChangeEvent {}

    record RehearsalFailed(String evidence) implements ChangeEvent {}

    record RehearsalInconclusive(String why) implements ChangeEvent {}

    record ApprovalRequested() implements ChangeEvent {}

    record ApprovalsComplete() implements ChangeEvent {}

    record ApprovalDenied(String by) implements ChangeEvent {}

    /// @param record digest of the signed break-glass record
    record BreakGlassOpened(String record) implements ChangeEvent {}

    record EvidenceExpired() implements ChangeEvent {}

    record Scheduled() implements ChangeEvent {}

    /// @param verdict digest of the gate's verdict for this wave
    record GateAllowed(String wave, String verdict) implements ChangeEvent {}

    record WaveDone() implements ChangeEvent {}

    record LastWaveDone() implements ChangeEvent {}

    record Paused(String by) implements ChangeEvent {}

    record Resumed(String by, String verdict) implements ChangeEvent {}

    record Frozen(String reason) implements ChangeEvent {}

    /// Taken by two different people.
    record Decided(String first, String second, Decision decision) implements ChangeEvent {
        public Decided {
            if (first.isBlank() || second.isBlank() || first.equals(second)) {
                throw new IllegalArgumentException(
                        "two different people decide, not `%s` and `%s`".formatted(first, second));
            }
        }
    }

    record Verified() implements ChangeEvent {}

    record BackoutDone() implements ChangeEvent {}

    record RestoreNeeded(String why) implements ChangeEvent {}

    record RestoreDone() implements ChangeEvent {}

    record Reviewed(String by) implements ChangeEvent {}

    /// What two people decide about a frozen change.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "go")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Decision.GoOn.class, name = "on"),
        @JsonSubTypes.Type(value = Decision.BackOut.class, name = "back-out"),
        @JsonSubTypes.Type(value = Decision.Restore.class, name = "restore")
    })
    sealed interface Decision {

        /// @param verdict of the gate, asked again
        record GoOn(String verdict) implements Decision {}

        record BackOut() implements Decision {}

        record Restore() implements Decision {}
    }
}
