package io.backstay.rollout.run;

import io.backstay.rollout.progress.RolloutFact;
import io.backstay.rollout.progress.RolloutProgress;
import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Takes single steps on hosts: intent in the record first, then the offer, then what came of it.
public final class Steps {
    private final Hosts hosts;
    private final FleetDesk desk;
    private final RunRecord record;

    public Steps(Hosts hosts, FleetDesk desk, RunRecord record) {
        this.hosts = hosts;
        this.desk = desk;
        this.record = record;
    }

    /// @throws StepFailedException if it did not end well; a step already done is left alone
    void take(RunPlan plan, String cluster, String host, int attempt, RunPlan.Step step) {
        RolloutProgress progress = record.progress();
        if (progress.isDone(host, step.id())) {
            return;
        }
        if (progress.isBarred(host, step.id())) {
            throw new StepFailedException(
                    host,
                    step.id(),
                    "it was refused or is in doubt; it is not sent again without a person's look");
        }
        // an open step is offered again under its own id: the host says how it ended, or that
        // nobody knows
        record.fact(
                new RolloutFact.StepIntended(host, attempt, step.id()),
                step.undo().isEmpty() ? Map.of("undo", "none") : Map.of("undo", step.undo()));
        Offer offer =
                Offer.of(
                        plan.effectId(host, attempt, step.id()),
                        plan.changeDigest(),
                        step.operation(),
                        desk.argumentsFor(cluster, host, step));
        switch (hosts.perform(host, offer, step.timeout())) {
            case Outcome.Done done ->
                    record.fact(new RolloutFact.StepDone(host, attempt, step.id()), done.facts());
            case Outcome.Refused refused -> {
                String reasons = say(refused.reasons());
                record.fact(
                        new RolloutFact.StepRefused(host, attempt, step.id()),
                        Map.of("reasons", reasons));
                throw new StepFailedException(host, step.id(), "the host refused: " + reasons);
            }
            case Outcome.Failed failed -> {
                record.fact(
                        new RolloutFact.StepFailed(host, attempt, step.id()),
                        Map.of("problem", failed.problem()));
                throw new StepFailedException(host, step.id(), failed.problem());
            }
            case Outcome.InDoubt doubt -> {
                record.fact(
                        new RolloutFact.StepUnknown(host, attempt, step.id()),
                        Map.of("why", doubt.why()));
                throw new StepFailedException(host, step.id(), "in doubt: " + doubt.why());
            }
        }
    }

    /// True if something was begun on this member that can be taken back, and nothing that cannot:
    /// a destroying step that failed may have destroyed half of what a back-out would put back.
    boolean canBeBackedOut(RunPlan.Member member) {
        boolean hasSomethingToUndo =
                member.steps().stream()
                        .anyMatch(
                                step ->
                                        !step.undo().isEmpty()
                                                && record.wasIntended(member.host(), step.id()));
        return hasSomethingToUndo
                && member.steps().stream()
                        .filter(RunPlan.Step::destructive)
                        .noneMatch(step -> record.wasIntended(member.host(), step.id()));
    }

    /// Takes back the steps of a member that were done or begun, last first, and writes down how
    /// long that took.
    void backOut(RunPlan plan, String cluster, RunPlan.Member member, int attempt) {
        record.append(
                "backout.started", member.host(), Map.of("attempt", Integer.toString(attempt)));
        long started = System.nanoTime();
        var undos = new ArrayList<RunPlan.Step>();
        for (RunPlan.Step step : member.steps().reversed()) {
            if (record.wasIntended(member.host(), step.id())
                    && !step.undo().isEmpty()
                    && undos.stream().noneMatch(u -> u.undo().equals(step.undo()))) {
                undos.add(step);
            }
        }
        for (RunPlan.Step step : undos) {
            Offer offer =
                    Offer.of(
                            plan.effectId(member.host(), attempt, "undo:" + step.undo()),
                            plan.changeDigest(),
                            step.undo(),
                            desk.argumentsFor(cluster, member.host(), undoOf(step)));
            Outcome outcome = hosts.perform(member.host(), offer, step.timeout());
            if (!(outcome instanceof Outcome.Done)) {
                record.append(
                        "backout.failed",
                        member.host(),
                        Map.of("undo", step.undo(), "problem", outcome.toString()));
                throw new StepFailedException(
                        member.host(),
                        step.id(),
                        "its back-out %s did not succeed: %s".formatted(step.undo(), outcome));
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        record.fact(
                new RolloutFact.MemberBackedOut(member.host(), attempt),
                Map.of("tookMillis", Long.toString(took.toMillis())));
    }

    private static RunPlan.Step undoOf(RunPlan.Step step) {
        return new RunPlan.Step(
                step.id(), step.undo(), step.arguments(), "", false, step.timeout());
    }

    private static String say(List<Outcome.Reason> reasons) {
        return reasons.stream()
                .map(reason -> reason.probe() + " " + reason.finding() + ": " + reason.says())
                .collect(Collectors.joining("; "));
    }
}
