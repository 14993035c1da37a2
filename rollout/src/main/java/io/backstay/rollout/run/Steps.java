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
    /// Operation by which a host tells what its guard would say, and does nothing.
    private static final String LOOK_GUARD = "look.guard";

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
                    "it was refused, failed or is in doubt; it is not sent again without a decision by two people");
        }
        String effectId =
                plan.effectId(host, attempt, step.id(), progress.tryNumber(host, step.id()));
        if (step.destructive()
                && progress.isUnseen(host, step.id())
                && isGone(plan, host, attempt, step, effectId)) {
            return;
        }
        // an open step is offered again under its own id: the host says how it ended, or that
        // nobody knows
        record.fact(
                new RolloutFact.StepIntended(host, attempt, step.id()),
                Map.of("undo", step.undo().isEmpty() ? "none" : step.undo(), "effect", effectId));
        writeEnd(host, attempt, step, offer(plan, cluster, host, step, effectId));
    }

    private Outcome offer(
            RunPlan plan, String cluster, String host, RunPlan.Step step, String effectId) {
        Map<String, String> arguments;
        try {
            arguments = desk.argumentsFor(cluster, host, step);
        } catch (StepFailedException e) {
            return new Outcome.Failed("it was not sent: " + e.reason());
        }
        return hosts.perform(
                host,
                Offer.of(effectId, plan.changeDigest(), step.operation(), arguments),
                step.timeout());
    }

    private void writeEnd(String host, int attempt, RunPlan.Step step, Outcome outcome) {
        switch (outcome) {
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

    /// Looks at what a destroying step, begun before and decided on since, has left. If that is
    /// nothing, the step is done; if its guard would not clear what is left, the run stops again.
    private boolean isGone(
            RunPlan plan, String host, int attempt, RunPlan.Step step, String effectId) {
        Offer look =
                Offer.of(
                        effectId + "/look",
                        plan.changeDigest(),
                        LOOK_GUARD,
                        Map.of("operation", step.operation()));
        return switch (hosts.perform(host, look, step.timeout())) {
            case Outcome.Done done -> {
                record.fact(new RolloutFact.StepLookedAt(host, attempt, step.id()), done.facts());
                yield false;
            }
            case Outcome.Refused(List<Outcome.Reason> reasons)
                    when !reasons.isEmpty()
                            && reasons.stream()
                                    .allMatch(r -> r.probe().equals(Outcome.NO_TARGET)) -> {
                record.fact(
                        new RolloutFact.StepDone(host, attempt, step.id()),
                        Map.of("found", "nothing left: it was gone when it was looked at afresh"));
                yield true;
            }
            case Outcome.Refused(List<Outcome.Reason> reasons) ->
                    throw new StepFailedException(
                            host,
                            step.id(),
                            "looked at afresh, its guard would refuse it: " + say(reasons));
            case Outcome.Failed(String problem) ->
                    throw new StepFailedException(
                            host, step.id(), "could not be looked at afresh: " + problem);
            case Outcome.InDoubt(String why) ->
                    throw new StepFailedException(
                            host, step.id(), "could not be looked at afresh: " + why);
        };
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
    ///
    /// @param failedStep why it is backed out: what people decide on if that does not succeed
    void backOut(
            RunPlan plan, String cluster, RunPlan.Member member, int attempt, String failedStep) {
        record.append(
                "backout.started", member.host(), Map.of("attempt", Integer.toString(attempt)));
        long started = System.nanoTime();
        // a decision since is a new try of the way back, too
        int tryNumber = record.progress().tryNumber(member.host());
        var undos = new ArrayList<RunPlan.Step>();
        for (RunPlan.Step step : member.steps().reversed()) {
            if (record.wasIntended(member.host(), step.id())
                    && !step.undo().isEmpty()
                    && undos.stream().noneMatch(u -> u.undo().equals(step.undo()))) {
                undos.add(step);
            }
        }
        for (RunPlan.Step step : undos) {
            Outcome outcome =
                    offer(
                            plan,
                            cluster,
                            member.host(),
                            undoOf(step),
                            plan.effectId(
                                    member.host(), attempt, "undo:" + step.undo(), tryNumber));
            if (!(outcome instanceof Outcome.Done)) {
                record.append(
                        "backout.failed",
                        member.host(),
                        Map.of("undo", step.undo(), "problem", outcome.toString()));
                throw new StepFailedException(
                        member.host(),
                        failedStep,
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
