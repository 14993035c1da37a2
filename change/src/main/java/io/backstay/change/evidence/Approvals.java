package io.backstay.change.evidence;

import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a pile of approvals amounts to for one change, plan, policy and evidence.
///
/// @param granted people whose approval holds, each once
/// @param denied people who said no: one is enough to stop
/// @param digests of the approvals that hold, sorted
/// @param setAside why each other one does not count
public record Approvals(
        Set<String> granted, Set<String> denied, List<String> digests, List<String> setAside) {

    public static Approvals none() {
        return new Approvals(Set.of(), Set.of(), List.of(), List.of());
    }

    /// Counts what is signed by its approver, about exactly these subjects and this evidence, and
    /// not expired. A denial counts whatever evidence it saw.
    public static Approvals count(
            List<Envelope> envelopes,
            TrustedKeys trusted,
            Subjects subjects,
            String evidenceDigest,
            Instant now) {
        Set<String> granted = new TreeSet<>();
        Set<String> denied = new TreeSet<>();
        Set<String> digests = new TreeSet<>();
        List<String> setAside = new ArrayList<>();
        for (Envelope envelope : envelopes) {
            switch (Approval.verify(envelope, trusted)) {
                case Statement.Reading.Rejected<Approval>(String reason) -> setAside.add(reason);
                case Statement.Reading.Believed<Approval>(var statement, var digest, _) -> {
                    Approval approval = statement.predicate();
                    if (!statement.subjects().equals(subjects)) {
                        setAside.add(
                                "%s approved another change, plan or policy: stale"
                                        .formatted(approval.approver()));
                    } else if (approval.decision() == Approval.Decision.DENIED) {
                        denied.add(approval.approver());
                    } else if (!approval.sees().equals(evidenceDigest)) {
                        setAside.add("%s saw other evidence: stale".formatted(approval.approver()));
                    } else if (!now.isBefore(approval.expires())) {
                        setAside.add(
                                "the approval by %s expired at %s"
                                        .formatted(approval.approver(), approval.expires()));
                    } else if (granted.add(approval.approver())) {
                        digests.add(digest);
                    }
                }
            }
        }
        if (!denied.isEmpty()) {
            return new Approvals(Set.of(), Set.copyOf(denied), List.of(), List.copyOf(setAside));
        }
        return new Approvals(
                Set.copyOf(granted), Set.of(), List.copyOf(digests), List.copyOf(setAside));
    }
}
