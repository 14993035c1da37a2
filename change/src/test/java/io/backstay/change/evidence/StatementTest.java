package io.backstay.change.evidence;

import static io.backstay.change.evidence.Statements.ANN;
import static io.backstay.change.evidence.Statements.BOB;
import static io.backstay.change.evidence.Statements.CONTROLLER;
import static io.backstay.change.evidence.Statements.NOW;
import static io.backstay.change.evidence.Statements.RUNNER;
import static io.backstay.change.evidence.Statements.SUBJECTS;
import static io.backstay.change.evidence.Statements.TRUSTED;
import static io.backstay.change.evidence.Statements.VERIFIER;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {
    private static final Subjects OTHER =
            new Subjects("CHG-1", "a".repeat(64), "d".repeat(64), "c".repeat(64));

    @Test
    void evidenceSurvivesItsEnvelope() {
        Envelope envelope = Statements.passed().sign(SUBJECTS, List.of(RUNNER, VERIFIER));

        assertThat(Evidence.verify(Envelope.parse(envelope.json()), TRUSTED))
                .isInstanceOfSatisfying(
                        Statement.Reading.Believed.class,
                        b ->
                                assertThat(b.statement())
                                        .isEqualTo(Statements.passed().about(SUBJECTS)));
    }

    @Test
    void evidenceIsAnInTotoStatement() {
        String json = Statements.passed().sign(SUBJECTS, List.of(RUNNER)).json();
        String payload =
                new String(
                        java.util.Base64.getDecoder()
                                .decode(json.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1")),
                        StandardCharsets.UTF_8);

        assertThat(payload)
                .startsWith(
                        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"change/CHG-1\",\"digest\":{\"sha256\":\"aaaa")
                .contains("\"predicateType\":\"urn:backstay:predicate:rehearsal:v1\"")
                .contains("\"validUntil\":\"2026-11-26T09:00:00Z\"")
                .contains("\"took\":\"PT2M\"");
    }

    @Test
    void evidenceNeedsTheRunnerAndASecondKey() {
        assertThat(
                        rejected(
                                Evidence.verify(
                                        Statements.passed().sign(SUBJECTS, List.of(RUNNER)),
                                        TRUSTED)))
                .startsWith("expected signatures by 2 trusted owners, found 1");
        assertThat(
                        rejected(
                                Evidence.verify(
                                        Statements.passed().sign(SUBJECTS, List.of(ANN, BOB)),
                                        TRUSTED)))
                .isEqualTo("the runner runner has not signed its own evidence");
    }

    @Test
    void anApprovalIsSignedByItsApproverAlone() {
        Approval ann = Statements.approval("ann", "e".repeat(64));

        assertThat(Approval.verify(ann.sign(SUBJECTS, ANN), TRUSTED))
                .isInstanceOf(Statement.Reading.Believed.class);
        assertThat(rejected(Approval.verify(ann.sign(SUBJECTS, BOB), TRUSTED)))
                .isEqualTo("an approval by ann is signed by [bob]");
    }

    @Test
    void evidenceIsNoApproval() {
        Envelope evidence = Statements.passed().sign(SUBJECTS, List.of(RUNNER, VERIFIER));

        assertThat(rejected(Approval.verify(evidence, TRUSTED)))
                .isEqualTo(
                        "expected a predicate urn:backstay:predicate:approval:v1, found urn:backstay:predicate:rehearsal:v1");
    }

    @Test
    void approvalsCountPeopleOnceAndSetStaleOnesAside() {
        String evidence = "e".repeat(64);
        Approvals approvals =
                Approvals.count(
                        List.of(
                                Statements.approval("ann", evidence).sign(SUBJECTS, ANN),
                                Statements.approval("ann", evidence).sign(SUBJECTS, ANN),
                                Statements.approval("bob", evidence).sign(OTHER, BOB),
                                Statements.approval("bob", "f".repeat(64)).sign(SUBJECTS, BOB)),
                        TRUSTED,
                        SUBJECTS,
                        evidence,
                        NOW);

        assertThat(approvals.granted()).isEqualTo(Set.of("ann"));
        assertThat(approvals.digests()).hasSize(1);
        assertThat(approvals.setAside())
                .containsExactly(
                        "bob approved another change, plan or policy: stale",
                        "bob saw other evidence: stale");
    }

    @Test
    void anExpiredApprovalDoesNotCount() {
        Envelope envelope = Statements.approval("ann", "e".repeat(64)).sign(SUBJECTS, ANN);

        assertThat(
                        Approvals.count(
                                        List.of(envelope),
                                        TRUSTED,
                                        SUBJECTS,
                                        "e".repeat(64),
                                        NOW.plus(Duration.ofHours(4)))
                                .granted())
                .isEmpty();
    }

    @Test
    void oneDenialTakesAllApprovalsAway() {
        Approval no =
                new Approval("bob", Approval.Decision.DENIED, "no", "", NOW, NOW.plusSeconds(1));
        Approvals approvals =
                Approvals.count(
                        List.of(
                                Statements.approval("ann", "e".repeat(64)).sign(SUBJECTS, ANN),
                                no.sign(SUBJECTS, BOB)),
                        TRUSTED,
                        SUBJECTS,
                        "e".repeat(64),
                        NOW);

        assertThat(approvals.granted()).isEmpty();
        assertThat(approvals.denied()).isEqualTo(Set.of("bob"));
    }

    @Test
    void breakGlassNeedsItsTwoPeopleAReasonAndAnHour() {
        var good = new BreakGlass(List.of("ann", "bob"), "outage", NOW, NOW.plusSeconds(3600));
        var longer = new BreakGlass(List.of("ann", "bob"), "outage", NOW, NOW.plusSeconds(3601));
        var silent = new BreakGlass(List.of("ann", "bob"), " ", NOW, NOW.plusSeconds(60));
        var alone = new BreakGlass(List.of("ann", "ann"), "outage", NOW, NOW.plusSeconds(60));

        assertThat(read(good, List.of(ANN, BOB))).isInstanceOf(Statement.Reading.Believed.class);
        assertThat(rejected(read(good, List.of(ANN)))).startsWith("expected signatures by 2");
        assertThat(rejected(read(good, List.of(ANN, RUNNER)))).contains("signed have");
        assertThat(rejected(read(longer, List.of(ANN, BOB)))).endsWith("more than an hour");
        assertThat(rejected(read(silent, List.of(ANN, BOB)))).endsWith("without a reason");
        assertThat(rejected(read(alone, List.of(ANN)))).startsWith("expected signatures by 2");
        assertThat(
                        rejected(
                                BreakGlass.verify(
                                        good.sign(SUBJECTS, List.of(ANN, BOB)),
                                        TRUSTED,
                                        SUBJECTS,
                                        NOW.plusSeconds(3600))))
                .startsWith("break-glass is open from");
        assertThat(
                        rejected(
                                BreakGlass.verify(
                                        good.sign(OTHER, List.of(ANN, BOB)),
                                        TRUSTED,
                                        SUBJECTS,
                                        NOW)))
                .startsWith("break-glass for another change");
    }

    @Test
    void aPermitByAnyoneButTheControllerIsNone() {
        assertThat(Permit.verify(permit().sign(SUBJECTS, CONTROLLER), TRUSTED, "controller"))
                .isInstanceOf(Statement.Reading.Believed.class);
        assertThat(rejected(Permit.verify(permit().sign(SUBJECTS, ANN), TRUSTED, "controller")))
                .isEqualTo("a permit is signed by [ann], expected the controller controller");
    }

    @Test
    void aPermitHoldsForExactlyWhatItNames() {
        assertThat(permit().check(host())).isInstanceOf(Permit.Check.Good.class);
        assertThat(code(new Permit.HostFacts("h2", "op", "g", "n", Duration.ZERO, false)))
                .isEqualTo("permit.host");
        assertThat(code(new Permit.HostFacts("h", "op2", "g", "n", Duration.ZERO, false)))
                .isEqualTo("permit.operation");
        assertThat(code(new Permit.HostFacts("h", "op", "g2", "n", Duration.ZERO, false)))
                .isEqualTo("permit.facts");
        assertThat(code(new Permit.HostFacts("h", "op", "g", "n2", Duration.ZERO, false)))
                .isEqualTo("permit.nonce");
        assertThat(code(new Permit.HostFacts("h", "op", "g", "n", Duration.ZERO, true)))
                .isEqualTo("permit.replayed");
        assertThat(
                        code(
                                new Permit.HostFacts(
                                        "h", "op", "g", "n", Duration.ofMillis(60_001), false)))
                .isEqualTo("permit.expired");
        assertThat(code(new Permit.HostFacts("h", "op", "g", "n", Duration.ofMillis(-1), false)))
                .isEqualTo("permit.expired");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 61, Long.MAX_VALUE})
    void aPermitForMoreThanAMinuteIsNone(long seconds) {
        var permit =
                new Permit("h", "op", "g", "stop", "n", seconds, List.of("x"), "", head().line());

        assertThat(permit.check(host()))
                .isInstanceOfSatisfying(
                        Permit.Check.Bad.class,
                        b -> assertThat(b.code()).isEqualTo("permit.window"));
    }

    @Test
    void theHostCountsTheApprovalsItself() {
        Envelope ann = Statements.approval("ann", "e".repeat(64)).sign(SUBJECTS, ANN);
        Envelope bob = Statements.approval("bob", "e".repeat(64)).sign(SUBJECTS, BOB);
        List<String> digests =
                Approvals.count(List.of(ann, bob), TRUSTED, SUBJECTS, "e".repeat(64), NOW)
                        .digests();
        var permit = new Permit("h", "op", "g", "stop", "n", 60, digests, "", head().line());

        assertThat(permit.checkApprovals(SUBJECTS, List.of(ann, bob), TRUSTED, 2, NOW)).isEmpty();
        assertThat(permit.checkApprovals(SUBJECTS, List.of(ann, bob), TRUSTED, 3, NOW)).isPresent();
        assertThat(permit.checkApprovals(SUBJECTS, List.of(ann), TRUSTED, 1, NOW)).isPresent();
        assertThat(permit.checkApprovals(OTHER, List.of(ann, bob), TRUSTED, 2, NOW)).isPresent();
        assertThat(permit.checkApprovals(SUBJECTS, List.of(), TRUSTED, 0, NOW)).isPresent();
    }

    @Test
    void theHostTakesNoApprovalThatHasExpired() {
        var approval = Statements.approval("ann", "e".repeat(64));
        Envelope ann = approval.sign(SUBJECTS, ANN);
        List<String> digests =
                Approvals.count(List.of(ann), TRUSTED, SUBJECTS, "e".repeat(64), NOW).digests();
        var permit = new Permit("h", "op", "g", "stop", "n", 60, digests, "", head().line());

        assertThat(
                        permit.checkApprovals(
                                SUBJECTS,
                                List.of(ann),
                                TRUSTED,
                                1,
                                approval.expires().minusMillis(1)))
                .isEmpty();
        assertThat(permit.checkApprovals(SUBJECTS, List.of(ann), TRUSTED, 1, approval.expires()))
                .contains(
                        new Permit.Check.Bad(
                                "permit.people",
                                "the approval by ann expired at " + approval.expires()));
    }

    private static Statement.Reading<BreakGlass> read(BreakGlass glass, List<SigningKey> keys) {
        return BreakGlass.verify(glass.sign(SUBJECTS, keys), TRUSTED, SUBJECTS, NOW);
    }

    private static String code(Permit.HostFacts host) {
        return permit().check(host) instanceof Permit.Check.Bad bad ? bad.code() : "good";
    }

    private static Permit permit() {
        return new Permit("h", "op", "g", "stop", "n", 60, List.of("x"), "", head().line());
    }

    private static Permit.HostFacts host() {
        return new Permit.HostFacts("h", "op", "g", "n", Duration.ofSeconds(60), false);
    }

    private static LedgerHead head() {
        return new LedgerHead("controller", 3, "a".repeat(64), "b".repeat(16), "c".repeat(128));
    }

    private static <P> String rejected(Statement.Reading<P> reading) {
        return reading instanceof Statement.Reading.Rejected<P> r ? r.reason() : "believed";
    }
}
