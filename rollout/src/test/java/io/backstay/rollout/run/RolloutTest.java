package io.backstay.rollout.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.rollout.progress.RolloutFact;
import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// One run, driven by drivers that are replaced by others with nothing but its facts.
class RolloutTest {
    private static final RunPlan.Step DRAIN = step("drain", "traffic.undrain", false);
    private static final RunPlan.Step VERIFY = step("verify", "", false);
    private static final RunPlan.Step DROP = step("drop", "", true);
    private static final RolloutFact DECIDED = new RolloutFact.DecidedToGoOn("signed by two");
    private static final Outcome.Refused LAGS =
            new Outcome.Refused(
                    List.of(new Outcome.Reason("peer.covers", "live", "it lags 3.1 s")));
    private static final Outcome.Refused NOTHING_THERE =
            new Outcome.Refused(
                    List.of(new Outcome.Reason(Outcome.NO_TARGET, "permit", "there is nothing")));

    private final Fleet fleet = new Fleet();
    private final List<RolloutFact> facts = new ArrayList<>();

    @Test
    void membersAreTakenInOrderWaveAfterWave() throws Exception {
        assertThat(run()).isEqualTo(new RunEnd.Completed());

        assertThat(fleet.effects)
                .containsExactly(
                        "run/a1/1/drain",
                        "run/a1/1/verify",
                        "run/b1/1/drain",
                        "run/b1/1/verify",
                        "run/a1/1/drop");
    }

    @Test
    void theFirstFailureIsBackedOutAndFreezesTheRun() throws Exception {
        fleet.outcomes.put("run/a1/1/verify", new Outcome.Failed("it lags"));

        assertThat(run()).isEqualTo(new RunEnd.Frozen("a1", "verify", "it lags"));

        assertThat(fleet.effects)
                .containsExactly(
                        "run/a1/1/drain", "run/a1/1/verify", "run/a1/1/undo:traffic.undrain");
        assertThat(types()).containsSubsequence("StepFailed", "MemberBackedOut", "Frozen");
    }

    @Test
    void aFrozenRunAsksNobodyForAnything() throws Exception {
        fleet.outcomes.put("run/a1/1/verify", new Outcome.Failed("it lags"));
        run();
        fleet.effects.clear();

        assertThat(run()).isEqualTo(new RunEnd.Frozen("a1", "verify", "it lags"));
        assertThat(fleet.effects).isEmpty();
    }

    @Test
    void aMemberThatWasBackedOutBeginsItsNextAttemptAfterTheDecision() throws Exception {
        fleet.outcomes.put("run/a1/1/verify", new Outcome.Failed("it lags"));
        run();
        facts.add(DECIDED);

        assertThat(run()).isEqualTo(new RunEnd.Completed());
        assertThat(fleet.effects).contains("run/a1/2/drain", "run/a1/2/verify");
    }

    @Test
    void aHalfDoneWaveIsEndedWithoutAskingTheGateAgainAndWithoutDoingAnythingTwice()
            throws Exception {
        facts.add(new RolloutFact.StepIntended("a1", 1, "drain"));
        facts.add(new RolloutFact.StepDone("a1", 1, "drain"));
        facts.add(new RolloutFact.StepIntended("a1", 1, "verify"));
        fleet.gateSaysNoTo = "first";

        assertThat(run()).isEqualTo(new RunEnd.Completed());
        assertThat(fleet.effects).startsWith("run/a1/1/verify", "run/b1/1/drain");
    }

    @Test
    void aWaveWhoseSourceHasMovedOrIsMovingIsEndedWithoutAskingTheGateAgain() throws Exception {
        var source = new RunPlan.Member("a0", true, List.of(DRAIN));
        var plan = plan(List.of(wave("first", source)));
        fleet.gateSaysNoTo = "first";
        facts.add(new RolloutFact.StepIntended("a0", 1, Rollout.SWITCHOVER));

        assertThat(run(plan)).isEqualTo(new RunEnd.Completed());
        assertThat(fleet.effects).containsExactly("run/a0/1/drain");

        facts.removeIf(fact -> fact instanceof RolloutFact.WaveJudged);
        assertThat(run(plan)).as("moved, and all done").isEqualTo(new RunEnd.Completed());
    }

    @Test
    void aSwitchoverThatFailedIsGatedAgainAfterADecision() throws Exception {
        var source = new RunPlan.Member("a0", true, List.of(DRAIN));
        var plan = plan(List.of(wave("first", source)));
        fleet.switchoverFails = true;
        run(plan);
        facts.add(DECIDED);
        fleet.gateSaysNoTo = "first";

        assertThat(run(plan)).isEqualTo(new RunEnd.Frozen("", "gate", "rule 7"));
    }

    @Test
    void aWaveThatTheGateDeniesIsNotBegun() throws Exception {
        fleet.gateSaysNoTo = "second";

        assertThat(run()).isEqualTo(new RunEnd.Frozen("", "gate", "rule 7"));
        assertThat(fleet.effects).doesNotContain("run/b1/1/drain");
    }

    @Test
    void aBackOutThatAKilledControllerOwedIsPaidFirst() throws Exception {
        facts.add(new RolloutFact.StepIntended("a1", 1, "drain"));
        facts.add(new RolloutFact.StepDone("a1", 1, "drain"));
        facts.add(new RolloutFact.StepIntended("a1", 1, "verify"));
        facts.add(new RolloutFact.StepFailed("a1", 1, "verify"));

        assertThat(run())
                .isEqualTo(
                        new RunEnd.Frozen(
                                "a1", "verify", "it failed, and nobody has decided on it"));
        assertThat(fleet.effects).containsExactly("run/a1/1/undo:traffic.undrain");
        assertThat(types()).endsWith("MemberBackedOut", "Frozen");
    }

    @Test
    void aRefusedStepIsAskedForAnewAfterADecisionAndOnlyThen() throws Exception {
        fleet.outcomes.put("run/a1/1/drop", LAGS);
        assertThat(run())
                .isEqualTo(
                        new RunEnd.Frozen(
                                "a1", "drop", "the host refused: peer.covers live: it lags 3.1 s"));
        run();
        assertThat(fleet.effects).endsWith("run/a1/1/drop");
        facts.add(DECIDED);

        assertThat(run()).isEqualTo(new RunEnd.Completed());
        assertThat(fleet.effects).endsWith("run/a1/1/drop", "run/a1/1/drop/try-2");
    }

    @Test
    void aFailedStepWithoutAWayBackIsANewEffectAfterADecision() throws Exception {
        fleet.outcomes.put("run/a1/1/drop", new Outcome.Failed("I/O error"));
        run();
        facts.add(DECIDED);

        assertThat(run()).isEqualTo(new RunEnd.Completed());
        assertThat(fleet.effects)
                .endsWith("run/a1/1/drop", "run/a1/1/drop/try-2/look", "run/a1/1/drop/try-2");
    }

    @Test
    void aDestroyingStepInDoubtIsLookedAtBeforeItsNewTry() throws Exception {
        fleet.outcomes.put("run/a1/1/drop", new Outcome.InDoubt("no word"));
        fleet.outcomes.put("run/a1/1/drop/try-2/look", LAGS);
        run();
        facts.add(DECIDED);

        assertThat(run())
                .isEqualTo(
                        new RunEnd.Frozen(
                                "a1",
                                "drop",
                                "looked at afresh, its guard would refuse it: peer.covers live: it lags 3.1 s"));
        assertThat(fleet.effects).doesNotContain("run/a1/1/drop/try-2");

        fleet.outcomes.remove("run/a1/1/drop/try-2/look");
        facts.add(DECIDED);
        assertThat(run()).isEqualTo(new RunEnd.Completed());
        assertThat(fleet.effects).endsWith("run/a1/1/drop/try-2/look", "run/a1/1/drop/try-2");
    }

    @Test
    void aDestroyingStepInDoubtThatLeftNothingIsDoneWithoutANewTry() throws Exception {
        fleet.outcomes.put("run/a1/1/drop", new Outcome.InDoubt("no word"));
        fleet.outcomes.put("run/a1/1/drop/try-2/look", NOTHING_THERE);
        run();
        facts.add(DECIDED);

        assertThat(run()).isEqualTo(new RunEnd.Completed());
        assertThat(fleet.effects).endsWith("run/a1/1/drop/try-2/look");
        assertThat(types()).endsWith("StepDone", "WaveJudged");
    }

    @Test
    void aBackOutThatWasRefusedIsTriedAnewAfterADecision() throws Exception {
        fleet.outcomes.put("run/a1/1/verify", new Outcome.Failed("it lags"));
        fleet.outcomes.put("run/a1/1/verify/try-2", new Outcome.Failed("it lags"));
        fleet.outcomes.put("run/a1/1/undo:traffic.undrain", LAGS);
        assertThat(run())
                .isInstanceOfSatisfying(
                        RunEnd.Frozen.class, end -> assertThat(end.step()).isEqualTo("verify"));
        facts.add(DECIDED);

        run();

        assertThat(fleet.effects)
                .endsWith("run/a1/1/verify/try-2", "run/a1/1/undo:traffic.undrain/try-2");
        assertThat(types()).endsWith("MemberBackedOut", "Frozen");
    }

    @Test
    void aClusterWithoutASourceFreezesTheRunAndIsNoFaultOfOurs() throws Exception {
        fleet.noSourceFor = "verify";

        assertThat(run())
                .isEqualTo(new RunEnd.Frozen("a1", "verify", "it was not sent: a has no source"));
        assertThat(types()).containsSubsequence("StepFailed", "MemberBackedOut", "Frozen");
    }

    @Test
    void aSwitchoverThatFailedIsFrozenUnderTheNameOfTheMemberThatWaits() throws Exception {
        fleet.switchoverFails = true;
        var source = new RunPlan.Member("a0", true, List.of(DRAIN));
        var plan = plan(List.of(wave("first", source)));

        assertThat(run(plan))
                .isEqualTo(new RunEnd.Frozen("a0", "switchover", "a1: switchover (near): it lags"));
        facts.add(DECIDED);
        fleet.switchoverFails = false;
        assertThat(run(plan)).isEqualTo(new RunEnd.Completed());
    }

    private RunEnd run() throws InterruptedException {
        return run(
                plan(
                        List.of(
                                wave(
                                        "first",
                                        new RunPlan.Member("a1", false, List.of(DRAIN, VERIFY))),
                                wave(
                                        "second",
                                        new RunPlan.Member("b1", false, List.of(DRAIN, VERIFY))),
                                wave("third", new RunPlan.Member("a1", false, List.of(DROP))))));
    }

    /// A driver that knows nothing but the facts so far.
    private RunEnd run(RunPlan plan) throws InterruptedException {
        var record =
                new RunRecord(
                        (type, host, body) ->
                                new FactEntry(type, host, body).fact().ifPresent(facts::add),
                        "run",
                        List.copyOf(facts));
        return new Rollout(plan, fleet, new Steps(fleet, fleet, record), record).run();
    }

    private List<String> types() {
        return facts.stream().map(fact -> fact.getClass().getSimpleName()).toList();
    }

    private static RunPlan plan(List<RunPlan.Wave> waves) {
        return new RunPlan("c".repeat(64), "run", waves, 1, true);
    }

    private static RunPlan.Wave wave(String name, RunPlan.Member member) {
        return new RunPlan.Wave(
                name, List.of(new RunPlan.Lane(member.host().substring(0, 1), List.of(member))));
    }

    private static RunPlan.Step step(String id, String undo, boolean destructive) {
        return new RunPlan.Step(id, "do." + id, Map.of(), undo, destructive, Duration.ofSeconds(1));
    }

    /// Hosts and clusters as they would answer, and what they were asked.
    private static final class Fleet implements Hosts, FleetDesk {
        private final List<String> effects = new ArrayList<>();
        private final Map<String, Outcome> outcomes = new HashMap<>();
        private String gateSaysNoTo = "";
        private String noSourceFor = "";
        private boolean switchoverFails;

        @Override
        public Outcome perform(String host, Offer offer, Duration deadline) {
            effects.add(offer.effectId());
            return Optional.ofNullable(outcomes.get(offer.effectId()))
                    .orElse(new Outcome.Done(Map.of()));
        }

        @Override
        public String source(String cluster) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, String> argumentsFor(String cluster, String host, RunPlan.Step step) {
            if (step.id().equals(noSourceFor)) {
                throw new StepFailedException("", "", cluster + " has no source");
            }
            return Map.of();
        }

        @Override
        public String gateSaysNoTo(RunPlan.Wave wave) {
            return wave.name().equals(gateSaysNoTo) ? "rule 7" : "";
        }

        @Override
        public void settle(String runId) {}

        @Override
        public Duration switchover(String cluster, String from, String runId) {
            if (switchoverFails) {
                throw new StepFailedException("a1", "switchover", "switchover (near): it lags");
            }
            return Duration.ofMillis(7);
        }
    }
}
