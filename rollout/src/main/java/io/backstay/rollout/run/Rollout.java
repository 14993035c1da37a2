package io.backstay.rollout.run;

import io.backstay.rollout.progress.RolloutFact;
import io.backstay.rollout.progress.RolloutProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Drives one run: wave by wave, lane by lane, member by member; what the ledger says is done is
/// not done again.
///
/// - The gate is asked before every wave, with fresh facts; not again for a wave that has a member
///   half done or a source that has moved: leaving those as they are would be the worse.
/// - The first no or failure freezes the whole run: other lanes end the step they are in and begin
///   no other.
/// - A failed member is backed out when the change file says so, before the run stands frozen.
public final class Rollout {
    /// Step id under which a switchover is written down.
    public static final String SWITCHOVER = "switchover";

    private final RunPlan plan;
    private final FleetDesk desk;
    private final Steps steps;
    private final RunRecord record;

    public Rollout(RunPlan plan, FleetDesk desk, Steps steps, RunRecord record) {
        this.plan = plan;
        this.desk = desk;
        this.steps = steps;
        this.record = record;
    }

    /// Goes on from where the record says the run stands, until it is complete or frozen.
    public RunEnd run() throws InterruptedException {
        Optional<RolloutFact.Frozen> frozen = record.progress().frozen();
        if (frozen.isPresent()) {
            return new RunEnd.Frozen(
                    frozen.get().host(), frozen.get().step(), frozen.get().reason());
        }
        try {
            desk.settle(plan.runId());
        } catch (StepFailedException e) {
            return freeze(e.host(), e.step(), e.reason());
        }
        for (RunPlan.Wave wave : plan.waves()) {
            if (record.progress().isWaveJudged(wave.name())) {
                continue;
            }
            Optional<RunEnd> backedOut = payBackOuts(wave);
            if (backedOut.isPresent()) {
                return backedOut.get();
            }
            if (isUnderWay(wave)) {
                // allowed when it began; what it has taken out itself must not keep it from its end
                record.append("wave.resumed", "", Map.of("wave", wave.name()));
            } else {
                String no = desk.gateSaysNoTo(wave);
                if (!no.isEmpty()) {
                    return freeze("", "gate", no);
                }
                record.append("wave.started", "", Map.of("wave", wave.name()));
            }
            Optional<StepFailedException> failure = runWave(wave);
            if (failure.isPresent()) {
                return freeze(failure.get().host(), failure.get().step(), failure.get().reason());
            }
            record.fact(new RolloutFact.WaveJudged(wave.name()), Map.of());
        }
        record.append("rollout.completed", "", Map.of());
        return new RunEnd.Completed();
    }

    /// Whether this wave itself has taken something away that the gate would count against it: a
    /// member that is half done, or a source that has moved.
    private boolean isUnderWay(RunPlan.Wave wave) {
        return wave.lanes().stream()
                .flatMap(lane -> lane.members().stream())
                .anyMatch(member -> hasMoved(member) || isHalfDone(member));
    }

    private boolean hasMoved(RunPlan.Member member) {
        RolloutProgress progress = record.progress();
        return progress.isDone(member.host(), SWITCHOVER)
                || progress.openStep(member.host()).equals(Optional.of(SWITCHOVER));
    }

    private boolean isHalfDone(RunPlan.Member member) {
        RolloutProgress progress = record.progress();
        return member.steps().stream()
                        .anyMatch(step -> record.wasIntended(member.host(), step.id()))
                && !member.steps().stream()
                        .allMatch(step -> progress.isDone(member.host(), step.id()));
    }

    /// Backs out members whose step failed under a controller that was killed before it had done
    /// so. The gate is not asked for that: the way back is open always.
    private Optional<RunEnd> payBackOuts(RunPlan.Wave wave) {
        Optional<RunEnd> end = Optional.empty();
        for (RunPlan.Lane lane : wave.lanes()) {
            for (RunPlan.Member member : lane.members()) {
                Optional<String> failed = record.progress().failedStep(member.host());
                if (failed.isEmpty()) {
                    continue;
                }
                if (plan.backOutMember() && steps.canBeBackedOut(member)) {
                    try {
                        steps.backOut(
                                plan,
                                lane.cluster(),
                                member,
                                record.progress().attempt(member.host()),
                                failed.get());
                    } catch (StepFailedException e) {
                        return Optional.of(freeze(e.host(), e.step(), e.reason()));
                    }
                }
                end =
                        Optional.of(
                                freeze(
                                        member.host(),
                                        failed.get(),
                                        "it failed, and nobody has decided on it"));
            }
        }
        return end;
    }

    private RunEnd freeze(String host, String step, String reason) {
        record.fact(new RolloutFact.Frozen(host, step, reason), Map.of());
        return new RunEnd.Frozen(host, step, reason);
    }

    /// Runs the lanes of a wave side by side. The first failure is the one that is told; the others
    /// are in the record.
    private Optional<StepFailedException> runWave(RunPlan.Wave wave) throws InterruptedException {
        var slots = new Semaphore(plan.lanesMax());
        var failures = new ArrayList<StepFailedException>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> lanes = new ArrayList<>();
            for (RunPlan.Lane lane : wave.lanes()) {
                Callable<Void> work =
                        () -> {
                            slots.acquire();
                            try {
                                runLane(lane);
                            } catch (StepFailedException e) {
                                record.stop();
                                throw e;
                            } finally {
                                slots.release();
                            }
                            return null;
                        };
                lanes.add(threads.submit(work));
            }
            for (Future<Void> lane : lanes) {
                try {
                    lane.get();
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof StepFailedException failed) {
                        failures.add(failed);
                    } else {
                        record.stop();
                        throw new IllegalStateException(e.getCause());
                    }
                }
            }
        }
        return failures.stream()
                .filter(failure -> !failure.step().isEmpty())
                .findFirst()
                .or(() -> failures.stream().findFirst());
    }

    private void runLane(RunPlan.Lane lane) {
        for (RunPlan.Member member : lane.members()) {
            if (member.isSource()) {
                moveSourceAway(lane.cluster(), member.host());
            }
            runMember(lane.cluster(), member);
        }
    }

    private void moveSourceAway(String cluster, String host) {
        RolloutProgress progress = record.progress();
        int attempt = progress.attempt(host);
        if (progress.isDone(host, SWITCHOVER) || attempt > 1) {
            return;
        }
        record.fact(
                new RolloutFact.StepIntended(host, attempt, SWITCHOVER),
                Map.of("cluster", cluster));
        try {
            var stall = desk.switchover(cluster, host, plan.runId());
            record.fact(
                    new RolloutFact.StepDone(host, attempt, SWITCHOVER),
                    Map.of("writesStoppedMillis", Long.toString(stall.toMillis())));
        } catch (StepFailedException e) {
            record.fact(
                    new RolloutFact.StepFailed(host, attempt, SWITCHOVER),
                    Map.of("reason", e.reason()));
            // under the name of the member that waits: what people decide on is its step
            throw e.host().isEmpty() || e.host().equals(host)
                    ? new StepFailedException(host, SWITCHOVER, e.reason())
                    : new StepFailedException(host, SWITCHOVER, e.host() + ": " + e.reason());
        }
    }

    private void runMember(String cluster, RunPlan.Member member) {
        int attempt = record.progress().attempt(member.host());
        for (int i = 0; i < member.steps().size(); i++) {
            if (record.isStopped()) {
                throw new StepFailedException(
                        member.host(), "", "another lane of this wave stopped the run");
            }
            RunPlan.Step step = member.steps().get(i);
            try {
                steps.take(plan, cluster, member.host(), attempt, step);
            } catch (StepFailedException e) {
                if (plan.backOutMember() && steps.canBeBackedOut(member)) {
                    steps.backOut(plan, cluster, member, attempt, step.id());
                }
                throw e;
            }
        }
    }
}
