package io.backstay.change.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatesTest {
    @Test
    void theseArrowsAndNoOthersAreLegalForAChange() {
        assertThat(Arrows.of(ChangeState.class, ChangeEvent.class, ChangeState::next))
                .containsExactly(
                        "Approved + BreakGlassOpened = Scheduled",
                        "Approved + Drifted = Planned",
                        "Approved + Edited = Draft",
                        "Approved + EvidenceExpired = Expired",
                        "Approved + Scheduled = Scheduled",
                        "AwaitingApproval + ApprovalDenied = Rejected",
                        "AwaitingApproval + ApprovalsComplete = Approved",
                        "AwaitingApproval + BreakGlassOpened = Scheduled",
                        "AwaitingApproval + Drifted = Planned",
                        "AwaitingApproval + Edited = Draft",
                        "AwaitingApproval + EvidenceExpired = Expired",
                        "BackedOut + Reviewed = Closed",
                        "BackingOut + BackoutDone = BackedOut",
                        "BackingOut + Frozen = Frozen",
                        "BackingOut + RestoreNeeded = Restoring",
                        "Completed + Reviewed = Closed",
                        "Draft + Edited = Draft",
                        "Draft + Planned = Planned",
                        "Expired + BreakGlassOpened = Scheduled",
                        "Expired + Drifted = Planned",
                        "Expired + Edited = Draft",
                        "Expired + RehearsalStarted = Rehearsing",
                        "Frozen + Decided BackOut = BackingOut",
                        "Frozen + Decided GoOn = RollingOut",
                        "Frozen + Decided Restore = Restoring",
                        "Paused + Frozen = Frozen",
                        "Paused + Resumed = RollingOut",
                        "Planned + BreakGlassOpened = Scheduled",
                        "Planned + Drifted = Planned",
                        "Planned + Edited = Draft",
                        "Planned + RehearsalStarted = Rehearsing",
                        "RehearsalFailed + BreakGlassOpened = Scheduled",
                        "RehearsalFailed + Drifted = Planned",
                        "RehearsalFailed + Edited = Draft",
                        "RehearsalFailed + RehearsalStarted = Rehearsing",
                        "RehearsalInconclusive + BreakGlassOpened = Scheduled",
                        "RehearsalInconclusive + Drifted = Planned",
                        "RehearsalInconclusive + Edited = Draft",
                        "RehearsalInconclusive + RehearsalStarted = Rehearsing",
                        "Rehearsed + ApprovalRequested = AwaitingApproval",
                        "Rehearsed + BreakGlassOpened = Scheduled",
                        "Rehearsed + Drifted = Planned",
                        "Rehearsed + Edited = Draft",
                        "Rehearsed + EvidenceExpired = Expired",
                        "Rehearsing + Edited = Draft",
                        "Rehearsing + RehearsalFailed = RehearsalFailed",
                        "Rehearsing + RehearsalInconclusive = RehearsalInconclusive",
                        "Rehearsing + RehearsalPassed = Rehearsed",
                        "Rejected + Edited = Draft",
                        "Restored + Reviewed = Closed",
                        "Restoring + Frozen = Frozen",
                        "Restoring + RestoreDone = Restored",
                        "RollingOut + Frozen = Frozen",
                        "RollingOut + LastWaveDone = Verifying",
                        "RollingOut + Paused = Paused",
                        "RollingOut + WaveDone = WaveSoaking",
                        "Scheduled + Drifted = Planned",
                        "Scheduled + Edited = Draft",
                        "Scheduled + EvidenceExpired = Expired",
                        "Scheduled + GateAllowed = RollingOut",
                        "Verifying + Frozen = Frozen",
                        "Verifying + Verified = Completed",
                        "WaveSoaking + Frozen = Frozen",
                        "WaveSoaking + GateAllowed = RollingOut",
                        "WaveSoaking + LastWaveDone = Verifying",
                        "WaveSoaking + Paused = Paused");
    }

    @Test
    void theseArrowsAndNoOthersAreLegalForAStep() {
        assertThat(Arrows.of(StepState.class, StepEvent.class, StepState::next))
                .containsExactly(
                        "Acted + VerifyStarted = Verifying",
                        "Acting + ActFailed = Failed",
                        "Acting + ActSucceeded = Acted",
                        "Acting + ActorLost = InDoubt",
                        "BackedOut + PersonDecided = Pending",
                        "BackingOut + BackoutDone = BackedOut",
                        "BackingOut + BackoutFailed = NeedsRestore",
                        "Cleared + GuardRefused = Refused",
                        "Cleared + PermitExpired = Pending",
                        "Cleared + UndoWritten = UndoRecorded",
                        "Done + BackoutStarted = BackingOut",
                        "Failed + BackoutStarted = BackingOut",
                        "Failed + GivenUp = Quarantined",
                        "Guarding + GuardCleared = Cleared",
                        "Guarding + GuardRefused = Refused",
                        "Guarding + LeaseLost = Pending",
                        "InDoubt + ProbeStarted = Probing",
                        "Leased + GuardAsked = Guarding",
                        "Leased + LeaseLost = Pending",
                        "NeedsRestore + GivenUp = Quarantined",
                        "NeedsRestore + RestoreStarted = Restoring",
                        "NotActed + BackoutStarted = BackingOut",
                        "NotActed + PersonDecided = Pending",
                        "Pending + LeaseTaken = Leased",
                        "Probing + FoundActed = Acted",
                        "Probing + FoundNotActed = NotActed",
                        "Probing + GivenUp = Quarantined",
                        "Refused + PersonDecided = Pending",
                        "Restoring + GivenUp = Quarantined",
                        "Restoring + RestoreDone = Restored",
                        "UndoRecorded + ActStarted = Acting",
                        "UndoRecorded + ActorLost = InDoubt",
                        "Verifying + VerifyFailed = Failed",
                        "Verifying + VerifyPassed = Done");
    }

    @Test
    void theseArrowsAndNoOthersAreLegalForASwitchover() {
        assertThat(Arrows.of(SwitchoverState.class, SwitchoverEvent.class, SwitchoverState::next))
                .containsExactly(
                        "CaughtUp + Failed = Undone",
                        "CaughtUp + SourceFenced = Fenced",
                        "Checked + CandidateCaughtUp = CaughtUp",
                        "Checked + Failed = Undone",
                        "Drained + CandidatePromoted = Promoted",
                        "Drained + Failed = Undoing",
                        "Fenced + Failed = Undoing",
                        "Fenced + GtidsEqual = Drained",
                        "Promoted + Failed = Stuck",
                        "Promoted + WritesThawed = Thawed",
                        "Repointed + Failed = Stuck",
                        "Repointed + ServiceVerified = Verified",
                        "Thawed + Failed = Stuck",
                        "Thawed + ReplicasRepointed = Repointed",
                        "Undoing + Failed = Stuck",
                        "Undoing + UndoPaid = Undone");
    }

    @Test
    void theseArrowsAndNoOthersAreLegalForAnApproval() {
        assertThat(Arrows.of(ApprovalState.class, ApprovalEvent.class, ApprovalState::next))
                .containsExactly(
                        "Granted + ContentChanged = Stale",
                        "Granted + TakenBack = Revoked",
                        "Granted + TimePassed = Expired",
                        "Granted + Used = Consumed",
                        "Requested + Refused = Denied",
                        "Requested + RequestWithdrawn = Withdrawn",
                        "Requested + Signed = Granted",
                        "Requested + TimePassed = Expired");
    }
}
