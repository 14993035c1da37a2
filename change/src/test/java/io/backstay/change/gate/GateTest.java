package io.backstay.change.gate;

import static io.backstay.change.evidence.Statements.ANN;
import static io.backstay.change.evidence.Statements.BOB;
import static io.backstay.change.evidence.Statements.ERIN;
import static io.backstay.change.evidence.Statements.NOW;
import static io.backstay.change.evidence.Statements.RUNNER;
import static io.backstay.change.evidence.Statements.TRUSTED;
import static io.backstay.change.evidence.Statements.VERIFIER;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.DrillChanges;
import io.backstay.change.evidence.Approvals;
import io.backstay.change.evidence.BreakGlass;
import io.backstay.change.evidence.Evidence;
import io.backstay.change.evidence.Statement;
import io.backstay.change.evidence.Statements;
import io.backstay.change.evidence.Subjects;
import io.backstay.change.plan.Fleets;
import io.backstay.change.plan.Plan;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Policy POLICY = Policy.load(DrillChanges.POLICY);
    private static final ChangeDirectory UPGRADE = ChangeDirectory.load(DrillChanges.UPGRADE);
    private static final Plan PLAN =
            ((Plan.Result.Resolved) Plan.resolve(UPGRADE, Fleets.of(3, 2))).plan();
    private static final Subjects SUBJECTS =
            new Subjects(PLAN.changeId(), UPGRADE.digest(), PLAN.digest(), POLICY.digest());
    private static final BreakGlass GLASS =
            new BreakGlass(List.of("ann", "bob"), "outage", NOW, NOW.plusSeconds(60));

    /// Facts that may be empty lists: none is a true answer there, which the rule counts.
    private static final Set<String> MAY_BE_EMPTY =
            Set.of("change.irreversibleSteps", "approvers", "ev.faults", "ev.negativeControls");

    private static final GateFacts GOOD = facts(Statements.passed(), List.of(ANN, BOB));

    @Test
    void aChangeThatHasEverythingMayGoOn() {
        GateVerdict verdict = evaluate(GOOD);

        assertThat(verdict.text())
                .isEqualTo(
                        """
                         1-bound      ok
                         3-negative   ok
                         4-way-back   ok
                         5-people     ok
                         6-exact      ok
                         7-budget     ok
                        ALLOWED""");
        assertThat(verdict.isAllowed()).isTrue();
    }

    @Test
    void withoutAnySingleFactTheGateDenies() {
        for (String path : used()) {
            GateVerdict verdict = evaluate(with(path, null));
            assertThat(verdict.isAllowed()).as("without %s", path).isFalse();
            // said before CEL is asked, which would take a missing value for something else
            assertThat(verdict.text()).contains("no fact " + path);
        }
    }

    @Test
    void withAnySingleFactOfAnotherTypeTheGateDenies() {
        for (String path : used()) {
            for (Object odd :
                    List.of(
                            Double.NaN,
                            Double.POSITIVE_INFINITY,
                            1.5,
                            -1L,
                            "",
                            " ",
                            Map.of(),
                            List.of(""),
                            List.of(1L),
                            List.of(Map.of("id", "x")))) {
                assertThat(evaluate(with(path, odd)).isAllowed())
                        .as("%s = %s", path, odd)
                        .isFalse();
            }
        }
    }

    @Test
    void withAnySingleFactEmptiedTheGateDenies() {
        for (String path : used()) {
            Object value = GOOD.of("c1").get(path);
            if (value instanceof List<?> && MAY_BE_EMPTY.contains(path)) {
                continue;
            }
            Object empty = value instanceof List<?> ? List.of() : "";
            assertThat(evaluate(with(path, empty)).isAllowed()).as("empty %s", path).isFalse();
        }
        for (String path : List.of("approvers", "ev.faults", "ev.negativeControls")) {
            assertThat(evaluate(with(path, List.of())).isAllowed()).as("empty %s", path).isFalse();
        }
    }

    @Test
    void withAnySingleFlagTurnedTheGateDenies() {
        for (String path : used()) {
            if (GOOD.of("c1").get(path) instanceof Boolean flag) {
                assertThat(evaluate(with(path, !flag)).isAllowed()).as("not %s", path).isFalse();
            }
        }
    }

    @Test
    void factsOfOneClusterMissingDeny() {
        for (String cluster : List.of("c1", "c2", "c3")) {
            SortedMap<String, SortedMap<String, Object>> clusters = new TreeMap<>(GOOD.byCluster());
            clusters.remove(cluster);
            GateFacts facts = new GateFacts(GOOD.byPath(), clusters, GOOD.clusters(), GOOD.notes());

            assertThat(evaluate(facts).denied()).as(cluster).containsExactly("7-budget");
        }
    }

    @Test
    void failedEvidenceDeniesAndSaysWhy() {
        GateVerdict verdict =
                evaluate(facts(Statements.evidence(Evidence.Result.FAILED), List.of(ANN, BOB)));

        assertThat(verdict.denied()).containsExactly("1-bound");
        assertThat(verdict.results().getFirst().reason())
                .startsWith("the evidence is not a passed, valid rehearsal")
                .contains("ev.result FAILED");
    }

    @Test
    void evidenceOfAnotherPlanDenies() {
        Subjects other = new Subjects("x", UPGRADE.digest(), "0".repeat(64), POLICY.digest());
        var reading =
                Evidence.verify(
                        Statements.passed().sign(other, List.of(RUNNER, VERIFIER)), TRUSTED);

        assertThat(evaluate(GateFacts.of(input(reading, Approvals.none()))).denied())
                .contains("1-bound");
    }

    @Test
    void unverifiedEvidenceIsNoEvidence() {
        var reading = Evidence.verify(Statements.passed().sign(SUBJECTS, List.of(RUNNER)), TRUSTED);
        GateVerdict verdict = evaluate(GateFacts.of(input(reading, Approvals.none())));

        assertThat(verdict.denied())
                .containsExactly("1-bound", "3-negative", "4-way-back", "5-people");
        assertThat(verdict.notes())
                .anyMatch(n -> n.startsWith("evidence: expected signatures by 2"));
    }

    @Test
    void theAuthorsApprovalDoesNotCount() {
        assertThat(evaluate(facts(Statements.passed(), List.of(ANN, ERIN))).denied())
                .containsExactly("5-people");
    }

    @Test
    void anIrreversibleStepNeedsTwoPeople() {
        assertThat(evaluate(facts(Statements.passed(), List.of(ANN))).denied())
                .containsExactly("5-people");
    }

    @Test
    void theExecutorsApprovalDoesNotCount() {
        assertThat(evaluate(with("actor.who", "ann")).denied()).containsExactly("5-people");
    }

    @Test
    void theRunnersApprovalDoesNotCount() {
        assertThat(evaluate(with("ev.runner", "bob")).denied()).containsExactly("5-people");
    }

    @Test
    void breakGlassOpensRulesAboutEvidenceAndPeopleOnly() {
        GateFacts bad = facts(Statements.evidence(Evidence.Result.FAILED), List.of());
        GateVerdict opened = Gate.evaluate(POLICY, bad, Optional.of(GLASS));

        assertThat(opened.isAllowed()).isTrue();
        assertThat(opened.opened()).containsExactly("1-bound", "5-people");
        for (String path : List.of("plan.hosts", "plan.maxPerCluster", "cluster.healthy")) {
            assertThat(Gate.evaluate(POLICY, with(path, 0L), Optional.of(GLASS)).isAllowed())
                    .as(path)
                    .isFalse();
        }
    }

    @Test
    void aPlanWithoutClustersNeedsNoClusterFacts() {
        ChangeDirectory spares = ChangeDirectory.load(DrillChanges.REINSTALL_SPARES);
        Plan plan = ((Plan.Result.Resolved) Plan.resolve(spares, Fleets.of(3, 2))).plan();
        Subjects subjects =
                new Subjects(plan.changeId(), spares.digest(), plan.digest(), POLICY.digest());
        var reading =
                Evidence.verify(
                        Statements.passed().sign(subjects, List.of(RUNNER, VERIFIER)), TRUSTED);
        GateFacts facts =
                GateFacts.of(
                        new GateFacts.Input(
                                spares,
                                plan,
                                POLICY.digest(),
                                reading,
                                approvals(subjects, reading, List.of(ANN, BOB)),
                                "carl",
                                Optional.empty(),
                                NOW,
                                NOW.plusSeconds(3600),
                                List.of()));

        assertThat(evaluate(facts).isAllowed()).isTrue();
    }

    @Test
    void theVerdictOfTheSameFactsIsTheSame() {
        assertThat(evaluate(GOOD).digest()).isEqualTo(evaluate(GOOD).digest());
        assertThat(evaluate(with("now", NOW.toEpochMilli() + 1)).factsDigest())
                .isNotEqualTo(evaluate(GOOD).factsDigest());
    }

    static Stream<String> usedPaths() {
        return POLICY.rules().stream().flatMap(r -> r.paths().stream()).distinct();
    }

    private static List<String> used() {
        List<String> paths = usedPaths().toList();
        assertThat(paths).hasSizeGreaterThan(30).contains("now", "approvers", "ev.restore.took");
        return paths;
    }

    private static GateVerdict evaluate(GateFacts facts) {
        return Gate.evaluate(POLICY, facts, Optional.empty());
    }

    /// The good facts with one changed, or taken away.
    private static GateFacts with(String path, Object value) {
        SortedMap<String, Object> facts = new TreeMap<>(GOOD.byPath());
        SortedMap<String, SortedMap<String, Object>> clusters = new TreeMap<>();
        GOOD.byCluster().forEach((name, own) -> clusters.put(name, new TreeMap<>(own)));
        SortedMap<String, Object> changed =
                FactSchema.isOfCluster(path) ? clusters.get("c2") : facts;
        if (value == null) {
            assertThat(changed.remove(path)).as(path).isNotNull();
        } else {
            changed.put(path, value);
        }
        return new GateFacts(facts, clusters, GOOD.clusters(), GOOD.notes());
    }

    private static GateFacts facts(Evidence evidence, List<SigningKey> approvers) {
        var reading = Evidence.verify(evidence.sign(SUBJECTS, List.of(RUNNER, VERIFIER)), TRUSTED);
        return GateFacts.of(input(reading, approvals(SUBJECTS, reading, approvers)));
    }

    private static GateFacts.Input input(
            Statement.Reading<Evidence> evidence, Approvals approvals) {
        return new GateFacts.Input(
                UPGRADE,
                PLAN,
                POLICY.digest(),
                evidence,
                approvals,
                "carl",
                Optional.empty(),
                NOW,
                NOW.plus(Duration.ofHours(2)),
                Stream.of("c1", "c2", "c3")
                        .map(c -> new ClusterFacts(c, 3, 0, 1, 0, c + "-s", c + "-s", true))
                        .toList());
    }

    private static Approvals approvals(
            Subjects subjects, Statement.Reading<Evidence> reading, List<SigningKey> keys) {
        String digest =
                reading instanceof Statement.Reading.Believed<Evidence> b ? b.digest() : "none";
        List<Envelope> envelopes = new ArrayList<>();
        for (SigningKey key : keys) {
            String who = TRUSTED.find(key.id()).orElseThrow().owner();
            envelopes.add(Statements.approval(who, digest).sign(subjects, key));
        }
        return Approvals.count(envelopes, TRUSTED, subjects, digest, NOW);
    }
}
