package io.backstay.change.gate;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.evidence.Approvals;
import io.backstay.change.evidence.BreakGlass;
import io.backstay.change.evidence.Evidence;
import io.backstay.change.evidence.Statement;
import io.backstay.change.evidence.Subjects;
import io.backstay.change.plan.FleetFacts;
import io.backstay.change.plan.Plan;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// May this change go on, here and now? Everything the gate needs, before anything of it is
/// believed.
///
/// @param evidence the one statement the rollout rests on; empty if there is none
/// @param actor who carries the change out
/// @param wave the wave to begin; empty asks for the whole change
/// @param latestEnd empty takes now and every step at its time limit
public record GateQuestion(
        ChangeDirectory change,
        FleetFacts fleet,
        Policy policy,
        TrustedKeys trusted,
        Optional<Envelope> evidence,
        List<Envelope> approvals,
        Optional<Envelope> breakGlass,
        List<ClusterFacts> clusters,
        String actor,
        Optional<String> wave,
        Instant now,
        Optional<Instant> latestEnd) {

    /// The answers there are.
    public sealed interface Answer {

        /// There is no plan, so there is nothing to judge.
        record NoPlan(List<String> reasons) implements Answer {}

        /// @param approvals those that hold; a permit names them
        /// @param breakGlass digest of the record, if it was believed
        record Judged(
                Plan plan,
                Subjects subjects,
                Approvals approvals,
                Optional<String> breakGlass,
                GateVerdict verdict)
                implements Answer {}
    }

    /// Resolves the plan, verifies every envelope, holds every rule against the facts. Pure.
    public Answer ask() {
        return switch (Plan.resolve(change, fleet)) {
            case Plan.Result.Refused(List<String> reasons) -> new Answer.NoPlan(reasons);
            case Plan.Result.Resolved(Plan plan) -> judge(plan);
        };
    }

    private Answer judge(Plan plan) {
        Subjects subjects =
                new Subjects(plan.changeId(), change.digest(), plan.digest(), policy.digest());
        Statement.Reading<Evidence> reading =
                evidence.map(envelope -> Evidence.verify(envelope, trusted))
                        .orElse(new Statement.Reading.Rejected<>("there is none"));
        String evidenceDigest =
                reading instanceof Statement.Reading.Believed<Evidence> believed
                        ? believed.digest()
                        : "none";
        Approvals counted = Approvals.count(approvals, trusted, subjects, evidenceDigest, now);
        GateFacts facts =
                GateFacts.of(
                        new GateFacts.Input(
                                change,
                                plan,
                                policy.digest(),
                                reading,
                                counted,
                                actor,
                                wave,
                                now,
                                latestEnd.orElse(now.plus(plan.worst())),
                                clusters));
        List<String> notes = new ArrayList<>(facts.notes());
        Optional<Statement.Reading.Believed<BreakGlass>> glass = Optional.empty();
        if (breakGlass.isPresent()) {
            switch (BreakGlass.verify(breakGlass.get(), trusted, subjects, now)) {
                case Statement.Reading.Rejected<BreakGlass>(String reason) -> notes.add(reason);
                case Statement.Reading.Believed<BreakGlass> believed ->
                        glass = Optional.of(believed);
            }
        }
        GateVerdict verdict =
                Gate.evaluate(
                        policy,
                        new GateFacts(
                                facts.byPath(),
                                facts.byCluster(),
                                facts.clusters(),
                                List.copyOf(notes)),
                        glass.map(g -> g.statement().predicate()));
        return new Answer.Judged(
                plan, subjects, counted, glass.map(Statement.Reading.Believed::digest), verdict);
    }
}
