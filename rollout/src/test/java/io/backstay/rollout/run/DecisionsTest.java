package io.backstay.rollout.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.change.evidence.Decision;
import io.backstay.change.evidence.Subjects;
import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.rollout.progress.RolloutFact;
import io.backstay.rollout.progress.RolloutProgress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");
    private static final SigningKey ANN = SigningKey.generate();
    private static final SigningKey BOB = SigningKey.generate();
    private static final SigningKey EVE = SigningKey.generate();
    private static final Subjects SUBJECTS =
            new Subjects("CHG-1", "a".repeat(64), "b".repeat(64), "c".repeat(64));
    private static final Subjects OTHER_PLAN =
            new Subjects("CHG-1", "a".repeat(64), "d".repeat(64), "c".repeat(64));

    @TempDir Path folder;
    private final Decisions decisions =
            new Decisions(
                    TrustedKeys.none().with("ann", ANN.publicKey()).with("bob", BOB.publicKey()),
                    SUBJECTS,
                    "run-1");
    private Ledger ledger;
    private RunRecord record;

    @BeforeEach
    void freeze() {
        ledger = Ledger.open(folder, "controller", SigningKey.generate(), Time.system());
        record =
                new RunRecord(
                        (type, host, body) -> ledger.append(type, host, SUBJECTS.change(), body),
                        "run-1",
                        List.of());
        record.fact(new RolloutFact.Frozen("c1-r1", "drop", "refused"), Map.of());
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void twoPeopleWithAKeyEachLetTheRunGoOn() {
        write(decision(frozen(), List.of("ann", "bob"), List.of(ANN, BOB)));

        assertThat(record.progress().frozen()).isEmpty();
        assertThat(RolloutProgress.of(decisions.facts(ledger.entries())).frozen()).isEmpty();
        assertThat(ledger.entries().getLast().body().path("by").asString()).isEqualTo("ann, bob");
    }

    @Test
    void onePersonsKeyTwiceIsRefused() {
        refuses(
                decision(frozen(), List.of("ann", "ann"), List.of(ANN, ANN)),
                "expected signatures by 2 trusted owners, found 1 (keys [%s, %s])"
                        .formatted(ANN.id(), ANN.id()));
        refuses(
                decision(frozen(), List.of("ann", "bob"), List.of(ANN, ANN)),
                "expected signatures by 2 trusted owners, found 1 (keys [%s, %s])"
                        .formatted(ANN.id(), ANN.id()));
    }

    @Test
    void aStrangersKeyIsNobody() {
        refuses(
                decision(frozen(), List.of("ann", "bob"), List.of(ANN, EVE)),
                "expected signatures by 2 trusted owners, found 1 (keys [%s, %s])"
                        .formatted(ANN.id(), EVE.id()));
    }

    @Test
    void aDecisionNamesThoseWhoSignIt() {
        refuses(
                decision(frozen(), List.of("ann", "eve"), List.of(ANN, BOB)),
                "a decision by [ann, eve] is signed by [ann, bob]");
    }

    @Test
    void aDecisionOnAnotherFreezeIsNoneOnThisOne() {
        Envelope first = decision(frozen(), List.of("ann", "bob"), List.of(ANN, BOB));
        write(first);
        record.fact(new RolloutFact.Frozen("c1-r1", "drop", "refused again"), Map.of());

        refuses(first, "a decision on another freeze");
    }

    @Test
    void aDecisionOnAnotherPlanIsNoneOnThisOne() {
        refuses(
                new Decision(List.of("ann", "bob"), "seen", "run-1", frozen(), NOW)
                        .sign(OTHER_PLAN, List.of(ANN, BOB)),
                "a decision on another change, plan or policy");
    }

    @Test
    void aRunThatIsNotFrozenIsNotDecidedOn() {
        String frozen = frozen();
        write(decision(frozen, List.of("ann", "bob"), List.of(ANN, BOB)));

        refuses(decision(frozen, List.of("ann", "bob"), List.of(ANN, BOB)), "it is not frozen");
    }

    @Test
    void anEntryThatOnlySaysDecidedDecidesNothingWhenTheRunIsRead() {
        ledger.append(
                "rollout.decided",
                "",
                SUBJECTS.change(),
                Map.of("run", "run-1", "decision", "go-on", "by", "ann, bob"));
        record.fact(
                new RolloutFact.DecidedToGoOn(
                        decision(frozen(), List.of("ann", "ann"), List.of(ANN, ANN)).json()),
                Map.of());

        assertThat(RolloutProgress.of(decisions.facts(ledger.entries())).frozen()).isPresent();
        assertThat(decisions.findFrozen(ledger.entries())).isPresent();
    }

    private String frozen() {
        return decisions.findFrozen(ledger.entries()).orElseThrow();
    }

    private static Envelope decision(String frozen, List<String> people, List<SigningKey> keys) {
        return new Decision(people, "seen", "run-1", frozen, NOW).sign(SUBJECTS, keys);
    }

    private void write(Envelope decision) {
        decisions.write(record, ledger.entries(), decision);
    }

    private void refuses(Envelope decision, String why) {
        long before = ledger.head().seq();
        assertThatThrownBy(() -> write(decision))
                .hasMessageStartingWith(
                        "run run-1 does not go on: expected a decision by two people on its last freeze, found: "
                                + why);
        assertThat(ledger.head().seq()).isEqualTo(before);
    }
}
