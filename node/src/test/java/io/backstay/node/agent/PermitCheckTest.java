package io.backstay.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.change.evidence.Approval;
import io.backstay.change.evidence.BreakGlass;
import io.backstay.change.evidence.Permit;
import io.backstay.change.evidence.Statement;
import io.backstay.change.evidence.Subjects;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.HostIdentity;
import io.backstay.rollout.protocol.Leave;
import io.backstay.rollout.protocol.Offer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PermitCheckTest {
    private static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");
    private static final Duration YOUNG = Duration.ofMillis(40);
    private static final SigningKey CONTROLLER = SigningKey.generate();
    private static final SigningKey ANN = SigningKey.generate();
    private static final SigningKey BOB = SigningKey.generate();

    private static final Subjects SUBJECTS =
            new Subjects("CHG-1", "a".repeat(64), "b".repeat(64), "c".repeat(64));
    private static final Subjects OTHER_CHANGE =
            new Subjects("CHG-2", "d".repeat(64), "b".repeat(64), "c".repeat(64));
    private static final Subjects OTHER_PLAN =
            new Subjects("CHG-1", "a".repeat(64), "e".repeat(64), "c".repeat(64));

    private static final HostIdentity SELF = new HostIdentity("m", "boot", "0a1b", "8:17");
    private static final HostIdentity NEIGHBOUR = new HostIdentity("m", "boot", "ffff", "8:17");
    private static final Offer OFFER =
            Offer.of("e-1", SUBJECTS.change(), "data.drop", Map.of("version", "11.4.5"));
    private static final Challenge CHALLENGE =
            new Challenge("e-1", "n0nce", SELF, OFFER.operationDigest(), "guard-digest");

    private final AgentConfig config =
            new AgentConfig(
                    TestHost.at("db1", Path.of("unused")),
                    URI.create("https://127.34.9.1:1"),
                    TrustedKeys.none().with(PermitCheck.CONTROLLER, CONTROLLER.publicKey()),
                    TrustedKeys.none().with("ann", ANN.publicKey()).with("bob", BOB.publicKey()),
                    2,
                    Duration.ofSeconds(30),
                    Map.of(),
                    Map.of());

    @Test
    void aPermitForThisQuestionWithTwoApprovalsIsGood() {
        assertThat(destroy(leave(SELF, SUBJECTS, approvals(SUBJECTS)), YOUNG))
                .isEqualTo(new PermitCheck.Answer.Good(head(), Duration.ofSeconds(10)));
    }

    @Test
    void aPermitForAnotherHostIsRefused() {
        assertThat(destroy(leave(NEIGHBOUR, SUBJECTS, approvals(SUBJECTS)), YOUNG))
                .isEqualTo(
                        bad("permit.host: the permit is for another host or another state of it"));
    }

    @Test
    void aPermitIsGoodForItsSecondsAndNoLonger() {
        Leave leave = leave(SELF, SUBJECTS, approvals(SUBJECTS));

        assertThat(destroy(leave, Duration.ofSeconds(10)))
                .isInstanceOf(PermitCheck.Answer.Good.class);
        assertThat(destroy(leave, Duration.ofMillis(10_001)))
                .isEqualTo(
                        bad(
                                "permit.expired: the permit was good for 10 seconds, it is 10001 ms old"));
    }

    @Test
    void aPermitForAnotherChangeIsRefused() {
        assertThat(destroy(leave(SELF, OTHER_CHANGE, approvals(OTHER_CHANGE)), YOUNG))
                .isEqualTo(bad("the permit is for another change"));
    }

    @Test
    void approvalsOfAnotherChangeOrAnotherPlanAreNobodysWord() {
        assertThat(destroy(leave(SELF, SUBJECTS, approvals(OTHER_CHANGE)), YOUNG))
                .isEqualTo(bad("permit.people: an approval of something else, or a denial"));
        assertThat(destroy(leave(SELF, SUBJECTS, approvals(OTHER_PLAN)), YOUNG))
                .isEqualTo(bad("permit.people: an approval of something else, or a denial"));
    }

    @Test
    void aDestroyingOperationNeedsAsManyPeopleAsTheHostWasTold() {
        Leave leave = leave(SELF, SUBJECTS, List.of(approval("ann", ANN, SUBJECTS)));

        assertThat(destroy(leave, YOUNG))
                .isEqualTo(bad("permit.people: expected approvals by 2 people, found 1"));
        assertThat(new PermitCheck(config, OFFER, CHALLENGE, false).check(leave, YOUNG, NOW))
                .as("what destroys nothing")
                .isInstanceOf(PermitCheck.Answer.Good.class);
    }

    @Test
    void onlyTheControllersKeySignsPermits() {
        Permit permit = permit(SELF, approvals(SUBJECTS), "");
        List<String> people = json(approvals(SUBJECTS));

        assertThat(destroy(new Leave(permit.sign(SUBJECTS, ANN).json(), people, ""), YOUNG))
                .isEqualTo(
                        bad(
                                "expected signatures by 1 trusted owners, found 0 (keys [%s])"
                                        .formatted(ANN.id())));
    }

    @Test
    void aPermitForOtherArgumentsIsRefused() {
        Offer changed =
                Offer.of("e-1", SUBJECTS.change(), "data.drop", Map.of("version", "10.11.5"));
        var asked = new Challenge("e-1", "n0nce", SELF, changed.operationDigest(), "guard-digest");

        assertThat(
                        new PermitCheck(config, changed, asked, true)
                                .check(leave(SELF, SUBJECTS, approvals(SUBJECTS)), YOUNG, NOW))
                .isEqualTo(bad("permit.operation: the permit is for another operation"));
    }

    @Test
    void aPermitForAnEarlierQuestionIsRefused() {
        var again = new Challenge("e-1", "0ther", SELF, OFFER.operationDigest(), "guard-digest");

        assertThat(
                        new PermitCheck(config, OFFER, again, true)
                                .check(leave(SELF, SUBJECTS, approvals(SUBJECTS)), YOUNG, NOW))
                .isEqualTo(bad("permit.nonce: the permit answers another question"));
    }

    @Test
    void aPermitThatIsNoEnvelopeIsRefused() {
        assertThat(destroy(new Leave("{}", List.of(), ""), YOUNG))
                .isInstanceOfSatisfying(
                        PermitCheck.Answer.Bad.class,
                        bad -> assertThat(bad.says()).startsWith("cannot read a signed envelope"));
    }

    @Test
    void breakGlassStandsForApprovalsWhileItIsOpenAndIfThePermitNamesIt() {
        Envelope glass =
                new BreakGlass(List.of("ann", "bob"), "site is down", NOW, NOW.plusSeconds(600))
                        .sign(SUBJECTS, List.of(ANN, BOB));
        Leave named = glassLeave(glass, digest(glass));
        Leave notNamed = glassLeave(glass, "f".repeat(64));

        assertThat(destroy(named, YOUNG)).isInstanceOf(PermitCheck.Answer.Good.class);
        assertThat(destroy(notNamed, YOUNG))
                .isEqualTo(bad("the permit rests on another break-glass"));
        assertThat(
                        new PermitCheck(config, OFFER, CHALLENGE, true)
                                .check(named, YOUNG, NOW.plusSeconds(600)))
                .isEqualTo(
                        bad(
                                "break-glass: break-glass is open from 2026-11-25T09:00:00Z to 2026-11-25T09:10:00Z, now is 2026-11-25T09:10:00Z"));
    }

    private PermitCheck.Answer destroy(Leave leave, Duration age) {
        return new PermitCheck(config, OFFER, CHALLENGE, true).check(leave, age, NOW);
    }

    private static PermitCheck.Answer bad(String says) {
        return new PermitCheck.Answer.Bad(says);
    }

    private static Leave leave(HostIdentity host, Subjects subjects, List<Envelope> approvals) {
        return new Leave(
                permit(host, approvals, "").sign(subjects, CONTROLLER).json(), json(approvals), "");
    }

    private static Leave glassLeave(Envelope glass, String namedDigest) {
        return new Leave(
                permit(SELF, List.of(), namedDigest).sign(SUBJECTS, CONTROLLER).json(),
                List.of(),
                glass.json());
    }

    private static Permit permit(
            HostIdentity host, List<Envelope> approvals, String breakGlassDigest) {
        return new Permit(
                host.bound(),
                OFFER.operationDigest(),
                "guard-digest",
                OFFER.effectId(),
                "n0nce",
                10,
                approvals.stream().map(PermitCheckTest::approvalDigest).sorted().toList(),
                breakGlassDigest,
                head());
    }

    private static String head() {
        return new LedgerHead("controller", 7, "9".repeat(64), CONTROLLER.id(), "8".repeat(128))
                .line();
    }

    private static List<Envelope> approvals(Subjects subjects) {
        return List.of(approval("ann", ANN, subjects), approval("bob", BOB, subjects));
    }

    private static Envelope approval(String who, SigningKey key, Subjects subjects) {
        return new Approval(
                        who,
                        Approval.Decision.GRANTED,
                        "rehearsed",
                        "e".repeat(64),
                        NOW,
                        NOW.plusSeconds(3600))
                .sign(subjects, key);
    }

    private static List<String> json(List<Envelope> envelopes) {
        return envelopes.stream().map(Envelope::json).toList();
    }

    private static String approvalDigest(Envelope envelope) {
        TrustedKeys people =
                TrustedKeys.none().with("ann", ANN.publicKey()).with("bob", BOB.publicKey());
        return switch (Approval.verify(envelope, people)) {
            case Statement.Reading.Believed<Approval> believed -> believed.digest();
            case Statement.Reading.Rejected<Approval> rejected ->
                    throw new AssertionError(rejected.reason());
        };
    }

    private static String digest(Envelope glass) {
        TrustedKeys people =
                TrustedKeys.none().with("ann", ANN.publicKey()).with("bob", BOB.publicKey());
        return switch (BreakGlass.verify(glass, people, SUBJECTS, NOW)) {
            case Statement.Reading.Believed<BreakGlass> believed -> believed.digest();
            case Statement.Reading.Rejected<BreakGlass> rejected ->
                    throw new AssertionError(rejected.reason());
        };
    }
}
