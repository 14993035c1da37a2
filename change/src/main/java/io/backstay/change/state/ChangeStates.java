package io.backstay.change.state;

import io.backstay.change.StrictJson;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.LedgerEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A change's events as entries of a ledger, and its state as their fold.
///
/// An entry's type is [#typeOf]; its body holds `changeId`, and `fact`, the event as JSON. A change
/// begins with `change.created`, whose fact is [ChangeEvent.Edited] with the first digest.
public final class ChangeStates {
    private static final String CREATED = "change.created";

    private ChangeStates() {}

    /// Body of the entry that tells of an event.
    public static Map<String, Object> body(String changeId, ChangeEvent event) {
        return Map.of("changeId", changeId, "fact", StrictJson.tree(event));
    }

    /// Type of the first entry of a change.
    public static String created() {
        return CREATED;
    }

    /// Type of the entry that tells of an event.
    public static String typeOf(ChangeEvent event) {
        return switch (event) {
            case ChangeEvent.Edited _ -> "change.edited";
            case ChangeEvent.Planned _ -> "change.planned";
            case ChangeEvent.Drifted _ -> "target.drifted";
            case ChangeEvent.RehearsalStarted _ -> "rehearsal.started";
            case ChangeEvent.RehearsalPassed _ -> "rehearsal.passed";
            case ChangeEvent.RehearsalFailed _ -> "rehearsal.failed";
            case ChangeEvent.RehearsalInconclusive _ -> "rehearsal.inconclusive";
            case ChangeEvent.ApprovalRequested _ -> "approval.requested";
            case ChangeEvent.ApprovalsComplete _ -> "approval.complete";
            case ChangeEvent.ApprovalDenied _ -> "approval.denied";
            case ChangeEvent.BreakGlassOpened _ -> "breakglass.opened";
            case ChangeEvent.EvidenceExpired _ -> "evidence.expired";
            case ChangeEvent.Scheduled _ -> "change.scheduled";
            case ChangeEvent.GateAllowed _ -> "rollout.started";
            case ChangeEvent.WaveDone _ -> "wave.done";
            case ChangeEvent.LastWaveDone _ -> "wave.last-done";
            case ChangeEvent.Paused _ -> "rollout.paused";
            case ChangeEvent.Resumed _ -> "rollout.resumed";
            case ChangeEvent.Frozen _ -> "rollout.frozen";
            case ChangeEvent.Decided _ -> "rollout.decided";
            case ChangeEvent.Verified _ -> "change.verified";
            case ChangeEvent.BackoutDone _ -> "backout.done";
            case ChangeEvent.RestoreNeeded _ -> "restore.needed";
            case ChangeEvent.RestoreDone _ -> "restore.done";
            case ChangeEvent.Reviewed _ -> "change.closed";
        };
    }

    /// Where a change stands after these entries; empty if they do not tell of it.
    ///
    /// @param entries of one chain, in order; entries of other kinds are passed over
    /// @throws Problem if an entry tells what can't have happened
    public static Optional<ChangeState> fold(String changeId, List<LedgerEntry> entries) {
        Optional<ChangeState> state = Optional.empty();
        for (LedgerEntry entry : entries) {
            JsonNode fact = entry.body().get("fact");
            JsonNode id = entry.body().get("changeId");
            if (fact == null || id == null || !id.asString("").equals(changeId)) {
                continue;
            }
            state =
                    Optional.of(
                            after(
                                    state,
                                    entry,
                                    StrictJson.read(
                                            "a fact of the ledger", fact, ChangeEvent.class)));
        }
        return state;
    }

    private static ChangeState after(
            Optional<ChangeState> state, LedgerEntry entry, ChangeEvent event) {
        if (state.isEmpty()) {
            if (entry.type().equals(CREATED)
                    && event instanceof ChangeEvent.Edited(String change)) {
                return new ChangeState.Draft(change);
            }
            throw contradiction(entry, "expected change.created first, found " + entry.type());
        }
        if (!entry.type().equals(typeOf(event))) {
            throw contradiction(
                    entry, "expected an entry %s, found %s".formatted(typeOf(event), entry.type()));
        }
        return switch (ChangeState.next(state.get(), event)) {
            case Transition.To<ChangeState>(ChangeState next) -> next;
            case Transition.Illegal<ChangeState> illegal ->
                    throw contradiction(entry, illegal.says());
        };
    }

    private static Problem contradiction(LedgerEntry entry, String what) {
        return new Problem(
                ErrorCode.IN_DOUBT,
                "the ledger of %s contradicts itself at entry %d: %s"
                        .formatted(entry.writer(), entry.seq(), what),
                "`backstay ledger show` prints what happened; a person must look before anything goes on.");
    }
}
