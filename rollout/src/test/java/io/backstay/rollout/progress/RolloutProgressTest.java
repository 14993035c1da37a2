package io.backstay.rollout.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.rollout.progress.RolloutFact.DecidedToGoOn;
import io.backstay.rollout.progress.RolloutFact.Frozen;
import io.backstay.rollout.progress.RolloutFact.MemberBackedOut;
import io.backstay.rollout.progress.RolloutFact.StepDone;
import io.backstay.rollout.progress.RolloutFact.StepIntended;
import io.backstay.rollout.progress.RolloutFact.StepRefused;
import io.backstay.rollout.progress.RolloutFact.StepUnknown;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutProgressTest {

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
        assertThat(
                        RolloutProgress.of(
                                        List.of(new Frozen("refused"), new StepDone("h", 1, "s")))
                                .frozen())
                .contains("refused");
        assertThat(RolloutProgress.of(List.of(new Frozen("refused"), new DecidedToGoOn())).frozen())
                .isEmpty();
    }
}
