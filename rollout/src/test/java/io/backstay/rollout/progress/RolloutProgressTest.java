package io.backstay.rollout.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.rollout.progress.RolloutFact.DecidedToGoOn;
import io.backstay.rollout.progress.RolloutFact.Frozen;
import io.backstay.rollout.progress.RolloutFact.MemberBackedOut;
import io.backstay.rollout.progress.RolloutFact.StepDone;
import io.backstay.rollout.progress.RolloutFact.StepFailed;
import io.backstay.rollout.progress.RolloutFact.StepIntended;
import io.backstay.rollout.progress.RolloutFact.StepLookedAt;
import io.backstay.rollout.progress.RolloutFact.StepRefused;
import io.backstay.rollout.progress.RolloutFact.StepUnknown;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutProgressTest {
    private static final Frozen FROZEN = new Frozen("c1-r1", "drop", "refused");
    private static final DecidedToGoOn DECIDED = new DecidedToGoOn("signed by two");

    @Test
    void anIntentWithoutAnEndLeavesTheStepOpen() {
        var progress = RolloutProgress.of(List.of(new StepIntended("c1-r1", 1, "stop")));

        assertThat(progress.openStep("c1-r1")).contains("stop");
        assertThat(progress.isDone("c1-r1", "stop")).isFalse();
    }

    @Test
    void aDoneStepIsDoneForItsHostOnly() {
        var progress =
                RolloutProgress.of(
                        List.of(
                                new StepIntended("c1-r1", 1, "stop"),
                                new StepDone("c1-r1", 1, "stop")));

        assertThat(progress.isDone("c1-r1", "stop")).isTrue();
        assertThat(progress.openStep("c1-r1")).isEmpty();
        assertThat(progress.isDone("c1-r2", "stop")).isFalse();
    }

    @Test
    void aRefusedStepIsBarred() {
        var progress = RolloutProgress.of(List.of(new StepRefused("c1-r1", 1, "reinstall")));

        assertThat(progress.isBarred("c1-r1", "reinstall")).isTrue();
    }

    @Test
    void anUnknownStepIsBarred() {
        var progress =
                RolloutProgress.of(
                        List.of(
                                new StepIntended("c1-r1", 1, "drop"),
                                new StepUnknown("c1-r1", 1, "drop")));

        assertThat(progress.isBarred("c1-r1", "drop")).isTrue();
    }

    @Test
    void aBackedOutMemberBeginsAgainFromItsFirstStep() {
        var progress =
                RolloutProgress.of(
                        List.of(
                                new StepDone("c2-r1", 1, "stop"),
                                new MemberBackedOut("c2-r1", 1),
                                new StepDone("c2-r1", 1, "drain")));

        assertThat(progress.attempt("c2-r1")).isEqualTo(2);
        assertThat(progress.isDone("c2-r1", "stop")).isFalse();
        assertThat(progress.isDone("c2-r1", "drain"))
                .as("a late fact of the first attempt")
                .isFalse();
    }

    @Test
    void aFrozenRunStaysFrozenUntilItIsDecided() {
        assertThat(of(FROZEN, new StepDone("h", 1, "s")).frozen()).contains(FROZEN);
        assertThat(of(FROZEN, DECIDED).frozen()).isEmpty();
    }

    @Test
    void aDecisionBeginsANewTryOfTheStepThatTheRunIsFrozenAt() {
        var progress = of(new StepRefused("c1-r1", 1, "drop"), FROZEN, DECIDED);

        assertThat(progress.isBarred("c1-r1", "drop")).isFalse();
        assertThat(progress.tryNumber("c1-r1", "drop")).isEqualTo(2);
    }

    @Test
    void aDecisionIsAboutNoOtherStepAndNoOtherHost() {
        var progress =
                of(
                        new StepRefused("c1-r1", 1, "drop"),
                        new StepRefused("c1-r1", 1, "stop"),
                        new StepRefused("c2-r1", 1, "drop"),
                        FROZEN,
                        DECIDED);

        assertThat(progress.isBarred("c1-r1", "stop")).isTrue();
        assertThat(progress.isBarred("c2-r1", "drop")).isTrue();
        assertThat(progress.tryNumber("c2-r1", "drop")).isEqualTo(1);
    }

    @Test
    void aDecisionOnWhatWasBegunAsksForAFreshLookFirst() {
        var unknown = new StepUnknown("c1-r1", 1, "drop");
        var failed = new StepFailed("c1-r1", 1, "drop");

        assertThat(of(unknown, FROZEN, DECIDED).isUnseen("c1-r1", "drop")).isTrue();
        assertThat(of(failed, FROZEN, DECIDED).isUnseen("c1-r1", "drop")).isTrue();
        assertThat(
                        of(unknown, FROZEN, DECIDED, new StepLookedAt("c1-r1", 1, "drop"))
                                .isUnseen("c1-r1", "drop"))
                .isFalse();
        assertThat(
                        of(new StepRefused("c1-r1", 1, "drop"), FROZEN, DECIDED)
                                .isUnseen("c1-r1", "drop"))
                .as("nothing was begun")
                .isFalse();
    }

    @Test
    void aNewTryThatIsRefusedIsBarredUntilTheNextDecision() {
        var again =
                List.<RolloutFact>of(
                        new StepRefused("c1-r1", 1, "drop"),
                        FROZEN,
                        DECIDED,
                        new StepIntended("c1-r1", 1, "drop"),
                        new StepRefused("c1-r1", 1, "drop"),
                        FROZEN);

        assertThat(RolloutProgress.of(again).isBarred("c1-r1", "drop")).isTrue();
        var third = new ArrayList<RolloutFact>(again);
        third.add(DECIDED);
        assertThat(RolloutProgress.of(third).tryNumber("c1-r1", "drop")).isEqualTo(3);
    }

    @Test
    void aFailedStepIsOwedABackOutUntilItIsDecidedOn() {
        var failed = new StepFailed("c1-r1", 1, "drop");

        assertThat(of(failed).failedStep("c1-r1")).contains("drop");
        assertThat(of(failed, FROZEN, DECIDED).failedStep("c1-r1")).isEmpty();
        assertThat(of(failed, new MemberBackedOut("c1-r1", 1)).failedStep("c1-r1")).isEmpty();
    }

    private static RolloutProgress of(RolloutFact... facts) {
        return RolloutProgress.of(List.of(facts));
    }
}
