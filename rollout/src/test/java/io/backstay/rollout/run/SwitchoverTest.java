package io.backstay.rollout.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwitchoverTest {
    private static final Switchover.Request REQUEST =
            Switchover.Request.of("c1", "old", "new", List.of(), "try-1");

    private final Fleet fleet = new Fleet();

    @Test
    void aFencedSourceThatStayedAsItWasIsFollowedByItsReplica() {
        run();

        assertThat(fleet.asked)
                .containsSubsequence(
                        "old undo.cancel", "old look.facts", "new repl.promote", "door new");
    }

    @Test
    void nobodyIsPromotedBesideASourceThatTakesWritesAgain() {
        fleet.readOnlyAfterFence = "0";

        assertThatThrownBy(this::run)
                .hasMessage(
                        "switchover (still-fenced): expected it read-only and its log at 0-1-9, found read_only=0 and 0-1-9");
        assertThat(fleet.asked).doesNotContain("new repl.promote").contains("door old");
    }

    @Test
    void nobodyIsPromotedAwayFromWhatWasWrittenSinceTheFence() {
        fleet.stateAfterFence = "0-1-10";

        assertThatThrownBy(this::run)
                .hasMessage(
                        "switchover (still-fenced): expected it read-only and its log at 0-1-9, found read_only=1 and 0-1-10");
        assertThat(fleet.asked).doesNotContain("new repl.promote").contains("door old");
    }

    @Test
    void aPromotionInDoubtLeavesTheOldSourceFenced() {
        fleet.outcomes.put("new repl.promote", new Outcome.InDoubt("no word"));
        fleet.roleOfCandidate = "source";

        assertThatThrownBy(this::run)
                .hasMessage(
                        "it may have been promoted: the old source old stays fenced; a person must look");
        assertThat(fleet.asked).doesNotContain("old mysql.thaw", "door old");
    }

    @Test
    void aSwitchoverCutShortBeforeTheUndoWasCancelledIsUndone() {
        for (String last :
                List.of("switchover.checked", "switchover.frozen", "switchover.drained")) {
            fleet.asked.clear();
            settle(last);

            assertThat(fleet.asked).as(last).containsExactly("old mysql.thaw", "door old");
        }
    }

    @Test
    void aCancelledUndoIsThawedIfTheCandidateIsSurelyAReplica() {
        settle("undo.cancelled");

        assertThat(fleet.asked).containsExactly("new look.facts", "old mysql.thaw", "door old");
    }

    @Test
    void aCancelledUndoGoesForwardIfTheCandidateIsNoReplicaAnyMore() {
        fleet.roleOfCandidate = "source";
        settle("undo.cancelled");

        assertThat(fleet.asked)
                .containsExactly(
                        "new look.facts", "new repl.promote", "door new", "other repl.repoint");
    }

    @Test
    void aCandidateThatDoesNotAnswerLeavesBothAsTheyAre() {
        fleet.outcomes.put("new look.facts", new Outcome.InDoubt("no word"));

        assertThatThrownBy(() -> settle("undo.cancelled"))
                .hasMessage("switchover (undo-look): in doubt: no word");
        assertThat(fleet.asked).containsExactly("new look.facts");
    }

    @Test
    void aPromotionIsOnlyEverGoneForwardFrom() {
        settle("switchover.promoted");
        assertThat(fleet.asked).containsExactly("door new", "other repl.repoint");

        fleet.asked.clear();
        settle("switchover.thawed");
        assertThat(fleet.asked).containsExactly("other repl.repoint");
    }

    @Test
    void aSwitchoverAtOneOfItsEndsIsLeftAlone() {
        settle("switchover.repointed");
        settle("switchover.undone");
        assertThat(fleet.asked).isEmpty();
    }

    @Test
    void aThawThatFailedIsAskedForAnewByEverySettlement() {
        fleet.readOnlyAfterFence = "0";
        fleet.outcomes.put("old mysql.thaw", new Outcome.Failed("too many connections"));
        assertThatThrownBy(this::run).hasMessage("switchover (thaw): too many connections");
        assertThatThrownBy(() -> settle("undo.cancelled"))
                .hasMessage("switchover (thaw): too many connections");

        fleet.outcomes.clear();
        settle("undo.cancelled", "settlement-2");

        assertThat(fleet.effects("mysql.thaw"))
                .containsExactly(
                        "try-1/c1/thaw",
                        "try-1/c1/settlement-1/thaw",
                        "try-1/c1/settlement-2/thaw");
        assertThat(fleet.asked).endsWith("door old");
    }

    @Test
    void theUndoOfAFenceIsOwedUntilTheThawHasSucceeded() {
        fleet.outcomes.put("old mysql.fence", new Outcome.InDoubt("no word"));
        fleet.outcomes.put("old mysql.thaw", new Outcome.Failed("too many connections"));

        assertThatThrownBy(this::run).hasMessage("switchover (thaw): too many connections");

        assertThat(fleet.asked).contains("old mysql.thaw").doesNotContain("old undo.cancel");
    }

    @Test
    void aRepointAndAPromotionThatFailedAreAskedForAnewByEverySettlement() {
        fleet.roleOfCandidate = "source";
        fleet.outcomes.put("new repl.promote", new Outcome.Failed("not caught up"));
        assertThatThrownBy(() -> settle("undo.cancelled"));
        fleet.outcomes.clear();
        fleet.outcomes.put("other repl.repoint", new Outcome.Failed("does not run"));
        assertThatThrownBy(() -> settle("undo.cancelled", "settlement-2"));
        fleet.outcomes.clear();

        settle("switchover.thawed", "settlement-3");

        assertThat(fleet.effects("repl.promote"))
                .containsExactly("try-1/c1/settlement-1/promote", "try-1/c1/settlement-2/promote");
        assertThat(fleet.effects("repl.repoint"))
                .containsExactly(
                        "try-1/c1/settlement-2/repoint-other",
                        "try-1/c1/settlement-3/repoint-other");
    }

    private void settle(String last) {
        settle(last, "settlement-1");
    }

    private void settle(String last, String settlement) {
        switchover()
                .settle(
                        new Switchover.Cut(
                                Switchover.Request.of(
                                        "c1", "old", "new", List.of("other"), "try-1"),
                                last,
                                "0-1-9",
                                settlement));
    }

    private void run() {
        switchover().run(REQUEST);
    }

    private Switchover switchover() {
        var record = new RunRecord((_, _, _) -> {}, "run-1", List.of());
        return new Switchover(fleet, fleet, record, "c".repeat(64), Duration.ofSeconds(1));
    }

    /// Two members as their agents would answer for them, and what they were asked.
    private static final class Fleet implements Hosts, TrafficDoor {
        private final List<String> asked = new ArrayList<>();
        private final List<Offer> offers = new ArrayList<>();
        private final Map<String, Outcome> outcomesByEffect = new HashMap<>();
        private final Map<String, Outcome> outcomes = new HashMap<>();
        private String readOnlyAfterFence = "1";
        private String stateAfterFence = "0-1-9";
        private String roleOfCandidate = "replica";

        @Override
        public Outcome perform(String host, Offer offer, Duration deadline) {
            String what = host + " " + offer.operation();
            asked.add(what);
            offers.add(offer);
            // as an agent may: what has an outcome keeps it
            return outcomesByEffect.computeIfAbsent(
                    offer.effectId() + " of " + what,
                    _ -> outcomes.getOrDefault(what, new Outcome.Done(facts(what))));
        }

        /// Ids of the effects of one operation that were asked for, in order.
        private List<String> effects(String operation) {
            return offers.stream()
                    .filter(offer -> offer.operation().equals(operation))
                    .map(Offer::effectId)
                    .toList();
        }

        private Map<String, String> facts(String what) {
            return switch (what) {
                case "old mysql.fence" ->
                        Map.of("gtidPosition", "0-1-9", "gtidBinlogState", "0-1-9");
                case "old look.facts" ->
                        Map.of(
                                "gtidPosition", "0-1-8",
                                "readOnly", readOnlyAfterFence,
                                "gtidBinlogState", stateAfterFence);
                case "new look.facts" -> Map.of("role", roleOfCandidate);
                default -> Map.of();
            };
        }

        @Override
        public void hold(String cluster) {
            asked.add("hold");
        }

        @Override
        public void pointTo(String cluster, String host) {
            asked.add("door " + host);
        }
    }
}
