package io.backstay.node.agent;

import io.backstay.guard.Finding;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.Verdict;
import io.backstay.rollout.protocol.Outcome;
import java.util.List;

/// A guard's answer in the words of the protocol.
final class GuardLook {
    private GuardLook() {}

    static List<Outcome.Reason> reasons(GuardAnswer answer) {
        return switch (answer.verdict()) {
            case Verdict.Cleared _ -> List.of();
            case Verdict.Refused refused ->
                    refused.reasons().stream().map(GuardLook::reason).toList();
        };
    }

    private static Outcome.Reason reason(Finding finding) {
        return switch (finding) {
            case Finding.Live live -> new Outcome.Reason(live.probe(), "live", live.evidence());
            case Finding.Blind blind -> new Outcome.Reason(blind.probe(), "blind", blind.reason());
            case Finding.Clear clear ->
                    throw new IllegalStateException("a clear finding is no reason: " + clear);
        };
    }
}
