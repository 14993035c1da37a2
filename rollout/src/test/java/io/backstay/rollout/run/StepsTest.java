package io.backstay.rollout.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.rollout.progress.RolloutFact;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepsTest {
    private static final RunPlan.Step SET_ASIDE =
            new RunPlan.Step(
                    "set-aside",
                    "data.set-aside",
                    Map.of(),
                    "data.put-back",
                    false,
                    Duration.ofSeconds(1));
    private static final RunPlan.Step DROP =
            new RunPlan.Step(
                    "drop", "data.drop-set-aside", Map.of(), "", true, Duration.ofSeconds(1));
    private static final RunPlan.Member MEMBER =
            new RunPlan.Member("c1-r1", false, List.of(SET_ASIDE, DROP));

    @Test
    void aMemberIsBackedOutBeforeItsDestroyingStepIsBegun() {
        assertThat(
                        canBeBackedOut(
                                new RolloutFact.StepIntended("c1-r1", 1, "set-aside"),
                                new RolloutFact.StepFailed("c1-r1", 1, "set-aside")))
                .isTrue();
    }

    @Test
    void aDestroyingStepThatFailedMayHaveDestroyedHalfAndIsNotBackedOut() {
        assertThat(
                        canBeBackedOut(
                                new RolloutFact.StepIntended("c1-r1", 1, "set-aside"),
                                new RolloutFact.StepDone("c1-r1", 1, "set-aside"),
                                new RolloutFact.StepIntended("c1-r1", 1, "drop"),
                                new RolloutFact.StepFailed("c1-r1", 1, "drop")))
                .isFalse();
    }

    private static boolean canBeBackedOut(RolloutFact... facts) {
        var record = new RunRecord((_, _, _) -> {}, "run-1", List.of(facts));
        return new Steps((_, _, _) -> new Outcome.InDoubt("not asked"), new NoDesk(), record)
                .canBeBackedOut(MEMBER);
    }

    /// A desk that nothing may be asked of.
    private static final class NoDesk implements FleetDesk {
        @Override
        public String source(String cluster) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, String> argumentsFor(String cluster, String host, RunPlan.Step step) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String gateSaysNoTo(RunPlan.Wave wave) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void settle(String runId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Duration switchover(String cluster, String from, String runId) {
            throw new UnsupportedOperationException();
        }
    }
}
