package io.backstay.rollout.run;

import io.backstay.change.Change;
import io.backstay.change.Step;
import io.backstay.change.StepUse;
import io.backstay.change.plan.Plan;
import io.backstay.change.plan.PlanStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Lays an approved plan out for a run: waves, a lane a cluster, members in the plan's order.
public final class RunPlans {
    private RunPlans() {}

    /// The whole plan, on the hosts it names.
    public static RunPlan of(Plan plan, Change change, String runId) {
        return layOut(plan, plan.steps(), change, runId, UnaryOperator.identity());
    }

    /// What the plan does to its first cluster, or to its first host without one, on the twin of
    /// that.
    ///
    /// @param twinOf a live host's or cluster's name to its twin's
    public static RunPlan onTwin(
            Plan plan, Change change, String runId, UnaryOperator<String> twinOf) {
        PlanStep first = plan.steps().getFirst();
        List<PlanStep> steps =
                plan.steps().stream()
                        .filter(
                                step ->
                                        first.cluster().isEmpty()
                                                ? step.host().equals(first.host())
                                                : step.cluster().equals(first.cluster()))
                        .toList();
        return layOut(plan, steps, change, runId, twinOf);
    }

    private static RunPlan layOut(
            Plan plan,
            List<PlanStep> steps,
            Change change,
            String runId,
            UnaryOperator<String> name) {
        var waves = new LinkedHashMap<String, Map<String, List<PlanStep>>>();
        for (PlanStep step : steps) {
            // hosts without a cluster have a lane each
            String lane = step.cluster().isEmpty() ? "host " + step.host() : step.cluster();
            waves.computeIfAbsent(step.wave(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(lane, _ -> new ArrayList<>())
                    .add(step);
        }
        return new RunPlan(
                plan.changeDigest(),
                runId,
                waves.entrySet().stream()
                        .map(
                                wave ->
                                        new RunPlan.Wave(
                                                wave.getKey(),
                                                wave.getValue().values().stream()
                                                        .map(lane -> lane(lane, change, name))
                                                        .toList()))
                        .toList(),
                plan.acrossClusters(),
                change.onFailure() == Change.OnFailure.BACKOUT_MEMBER);
    }

    /// Members in the order in which they come up; a host that comes up again, after its cluster,
    /// is a member again.
    private static RunPlan.Lane lane(
            List<PlanStep> steps, Change change, UnaryOperator<String> name) {
        var members = new ArrayList<RunPlan.Member>();
        int from = 0;
        while (from < steps.size()) {
            int to = from;
            while (to < steps.size() && steps.get(to).host().equals(steps.get(from).host())) {
                to++;
            }
            List<PlanStep> own = steps.subList(from, to);
            members.add(
                    new RunPlan.Member(
                            name.apply(own.getFirst().host()),
                            own.stream().anyMatch(RunPlans::isSwitchover),
                            own.stream()
                                    .filter(step -> !isSwitchover(step))
                                    .map(step -> step(step, change))
                                    .toList()));
            from = to;
        }
        String cluster = steps.getFirst().cluster();
        return new RunPlan.Lane(cluster.isEmpty() ? "" : name.apply(cluster), members);
    }

    private static RunPlan.Step step(PlanStep step, Change change) {
        return new RunPlan.Step(
                step.stepId(),
                step.use(),
                change.findStep(step.stepId()).map(Step::args).orElseThrow(),
                step.undo().orElse(""),
                step.isDestructive(),
                step.timeout());
    }

    private static boolean isSwitchover(PlanStep step) {
        return step.use().equals(StepUse.TOPOLOGY_SWITCHOVER.word());
    }
}
