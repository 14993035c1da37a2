package io.backstay.guard.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.Finding;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.Verdict;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsentTest {
    private static final Instant LOOKED_AT = Instant.parse("2026-03-01T10:00:00Z");
    private static final String UUID = "4c4c4544-0042-3510-8054-b4c04f4a3132";
    private static final IssuingHost DB1 = new IssuingHost("machine-1", UUID, "boot-1");
    private static final Duration VALID_FOR = Duration.ofMinutes(10);

    @TempDir Path folder;
    private final SigningKey key = SigningKey.generate();
    private final TestClock clock = new TestClock();
    private Ledger ledger;
    private SpentConsents spent;

    /// A wall clock that the test moves.
    private static final class TestClock implements Time {
        private Instant now = LOOKED_AT;

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public Duration sinceBoot() {
            return Duration.ofHours(1);
        }

        @Override
        public void sleep(Duration duration) {
            throw new AssertionError("nothing here waits");
        }
    }

    @BeforeEach
    void open() throws IOException {
        ledger = Ledger.open(folder.resolve("ledger"), "guard", key, clock);
        Path used = Files.createDirectory(folder.resolve("spent"));
        Files.setPosixFilePermissions(used, PosixFilePermissions.fromString("rwx------"));
        spent = SpentConsents.open(used);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static GuardAnswer answer(Verdict verdict) {
        return new GuardAnswer(
                "reinstall", "host", verdict, List.of(), "boot-1", LOOKED_AT, Duration.ZERO);
    }

    private static GuardAnswer cleared() {
        return answer(new Verdict.Cleared(List.of()));
    }

    private ConsentIssuer issuer(IssuingHost host, Duration validFor) {
        return new ConsentIssuer(ledger, key, host, validFor, clock);
    }

    private String consent() {
        return issuer(DB1, VALID_FOR).issue(cleared()).signed();
    }

    private static ConsentDemand demand() {
        return new ConsentDemand("db1", "reinstall", "host", Optional.of(UUID));
    }

    private ConsentDesk desk() {
        return new ConsentDesk(
                TrustedKeys.none()
                        .with("db1", key.publicKey())
                        .with("db2", SigningKey.generate().publicKey()),
                spent,
                clock);
    }

    private void assertRefused(String signed, ConsentDemand demand, String reason) {
        assertThat(desk().verifyAndSpend(signed, demand))
                .isInstanceOfSatisfying(
                        ConsentAnswer.Refused.class,
                        refused -> assertThat(refused.reason()).contains(reason));
    }

    private void assertGiven(String signed) {
        assertThat(desk().verifyAndSpend(signed, demand())).isInstanceOf(ConsentAnswer.Given.class);
    }

    @Test
    void goodConsentIsGivenOnce() {
        String signed = consent();
        assertGiven(signed);
        assertRefused(signed, demand(), "used before");
    }

    @Test
    void ledgerKnowsTheConsentAndTheConsentTheLedger() {
        ConsentIssuer.Issued issued = issuer(DB1, VALID_FOR).issue(cleared());
        LedgerEntry entry = ledger.entries().getLast();
        assertThat(entry.type()).isEqualTo("guard.consent.issued");
        assertThat(entry.body().path("nonce").asString()).isEqualTo(issued.consent().nonce());
        assertThat(issued.consent().ledgerHead()).isEqualTo(entry.head().line());
    }

    @Test
    void ledgerThatCannotBeWrittenGivesNoConsent() {
        ConsentIssuer issuer = issuer(DB1, VALID_FOR);
        ledger.close();
        assertThatThrownBy(() -> issuer.issue(cleared())).isInstanceOf(Problem.class);
    }

    @Test
    void refusalIsNeverAConsent() {
        var live = new Finding.Live("processes", "mariadbd");
        assertThatThrownBy(
                        () ->
                                issuer(DB1, VALID_FOR)
                                        .issue(answer(new Verdict.Refused(List.of(live)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ledger.entries()).isEmpty();
    }

    @Test
    void otherOperationTargetAndMachineAreRefused() {
        String signed = consent();
        Optional<String> uuid = Optional.of(UUID);
        assertRefused(
                signed,
                new ConsentDemand("db1", "wipe", "host", uuid),
                "it is for reinstall of host, expected wipe of host");
        assertRefused(
                signed,
                new ConsentDemand("db1", "reinstall", "path:/srv/data", uuid),
                "expected reinstall of path:/srv/data");
        for (String other : List.of("00000000-0042-3510-8054-b4c04f4a3132", "", "null")) {
            assertRefused(
                    signed,
                    new ConsentDemand("db1", "reinstall", "host", Optional.of(other)),
                    "it is of the machine '%s', expected '%s'".formatted(UUID, other));
        }
        assertGiven(signed);
    }

    @Test
    void machineWithoutAHardwareUuidIsNoMachineThatIsAskedForByOne() {
        String signed =
                issuer(new IssuingHost("machine-1", "", "boot-1"), VALID_FOR)
                        .issue(cleared())
                        .signed();
        assertRefused(
                signed,
                new ConsentDemand("db1", "reinstall", "host", Optional.of("")),
                "it is of the machine ''");
        assertThat(
                        desk().verifyAndSpend(
                                        signed,
                                        new ConsentDemand(
                                                "db1", "reinstall", "host", Optional.empty())))
                .isInstanceOf(ConsentAnswer.Given.class);
    }

    @Test
    void otherHostsAndUnknownHostsKeysAreRefused() {
        String signed = consent();
        assertRefused(
                signed,
                new ConsentDemand("db2", "reinstall", "host", Optional.of(UUID)),
                "db2 has not signed it");
        assertRefused(
                signed,
                new ConsentDemand("db3", "reinstall", "host", Optional.of(UUID)),
                "no key of db3 is known here");
        var stranger =
                Envelope.sign(
                        Consent.PAYLOAD_TYPE,
                        issuer(DB1, VALID_FOR).issue(cleared()).consent().payload(),
                        List.of(SigningKey.generate()));
        assertRefused(stranger.json(), demand(), "db1 has not signed it");
    }

    @Test
    void everyAlteredByteIsRefusedAndSpendsNothing() {
        String signed = consent();
        byte[] bytes = signed.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at++) {
            byte[] altered = bytes.clone();
            altered[at] ^= 1;
            assertRefused(new String(altered, StandardCharsets.UTF_8), demand(), "");
        }
        for (String cut : List.of("", "{}", signed.substring(1), signed + signed)) {
            assertRefused(cut, demand(), "no signed consent");
        }
        assertGiven(signed);
    }

    @Test
    void whatAHostMayNotSignIsRefusedAlthoughItSignedIt() {
        Consent good = issuer(DB1, VALID_FOR).issue(cleared()).consent();
        String text = new String(good.payload(), StandardCharsets.UTF_8);
        for (String payload :
                List.of(
                        text.replace(good.notAfter().toString(), "2026-03-01T12:00:00Z"),
                        text.replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                        text.replace("\"target\"", "\"targets\""),
                        text.replace(good.nonce(), "../../" + good.nonce().substring(6)),
                        text.replace("{", "{\"more\":1,"),
                        "null")) {
            assertThat(payload).isNotEqualTo(text);
            String signed =
                    Envelope.sign(
                                    Consent.PAYLOAD_TYPE,
                                    payload.getBytes(StandardCharsets.UTF_8),
                                    List.of(key))
                            .json();
            assertRefused(signed, demand(), "no consent");
        }
    }

    @Test
    void expiredConsentIsRefused() {
        String signed = consent();
        clock.now = LOOKED_AT.plus(VALID_FOR).minusMillis(1);
        String other = consentAt(LOOKED_AT);
        assertGiven(other);
        clock.now = LOOKED_AT.plus(VALID_FOR);
        assertRefused(signed, demand(), "it was good until 2026-03-01T10:10:00Z");
    }

    /// Issued then, while the clock of the desk is elsewhere.
    private String consentAt(Instant issuedAt) {
        Instant desk = clock.now;
        clock.now = issuedAt;
        try (Ledger apart = Ledger.open(folder.resolve("apart"), "guard", key, clock)) {
            return new ConsentIssuer(apart, key, DB1, VALID_FOR, clock).issue(cleared()).signed();
        } finally {
            clock.now = desk;
        }
    }

    @Test
    void clockPutBackMakesNoConsentYoungAgain() {
        String signed = consent();
        clock.now = LOOKED_AT.plus(Duration.ofDays(1));
        assertRefused(signed, demand(), "it was good until");
        clock.now = LOOKED_AT.plus(Duration.ofMinutes(1));
        assertRefused(signed, demand(), "the clock here went backwards");
    }

    @Test
    void consentFromTheFutureIsRefused() {
        String signed = consent();
        clock.now = LOOKED_AT.minus(Duration.ofMinutes(1));
        assertRefused(signed, demand(), "which is yet to come");
    }

    @Test
    void hostWhoseClockWentBackwardsDoesNotConsent() {
        clock.now = LOOKED_AT.plus(Duration.ofHours(1));
        ledger.append("guard.exec.outcome", "", null, java.util.Map.of());
        clock.now = LOOKED_AT;
        assertThatThrownBy(this::consent).hasMessageContaining("the clock went backwards");
    }

    @Test
    void oldAnswerAndAnswerOfAnotherBootAreNoConsent() {
        assertThatThrownBy(
                        () ->
                                issuer(new IssuingHost("machine-1", UUID, "boot-2"), VALID_FOR)
                                        .issue(cleared()))
                .hasMessageContaining("expected an answer of the running boot 'boot-2'");
        clock.now = LOOKED_AT.plus(Duration.ofMinutes(2));
        assertThatThrownBy(this::consent).hasMessageContaining("the answer is old");
        assertThat(ledger.entries()).isEmpty();
    }

    @Test
    void copiedKeyDoesNotConsentForAnotherMachine() {
        consent();
        var copy = new IssuingHost("machine-2", UUID, "boot-1");
        assertThatThrownBy(() -> issuer(copy, VALID_FOR).issue(cleared()))
                .hasMessageContaining("come from another machine, machine-1 " + UUID);
        var nobody = new IssuingHost("", "", "boot-1");
        assertThatThrownBy(() -> issuer(nobody, VALID_FOR).issue(cleared()))
                .hasMessageContaining("found neither");
    }

    @Test
    void validityIsMinutes() {
        for (String validFor : List.of("PT0S", "PT59S", "PT1H1S", "-PT5M")) {
            assertThatThrownBy(() -> issuer(DB1, Duration.parse(validFor)))
                    .hasMessageContaining("expected PT1M to PT1H");
        }
    }

    @Test
    void ofManyUsesAtOnceOneIsGiven() throws Exception {
        int users = 8;
        try (var threads = Executors.newFixedThreadPool(users)) {
            for (int round = 0; round < 20; round++) {
                String signed = consent();
                var together = new CyclicBarrier(users);
                Callable<ConsentAnswer> use =
                        () -> {
                            var own =
                                    new ConsentDesk(
                                            TrustedKeys.none().with("db1", key.publicKey()),
                                            SpentConsents.open(folder.resolve("spent")),
                                            clock);
                            together.await();
                            return own.verifyAndSpend(signed, demand());
                        };
                long given = 0;
                for (var answer :
                        threads.invokeAll(IntStream.range(0, users).mapToObj(_ -> use).toList())) {
                    given += answer.get() instanceof ConsentAnswer.Given ? 1 : 0;
                }
                assertThat(given).isEqualTo(1);
            }
        }
    }

    @Test
    void folderThatForgotOrIsOpenToOthersIsAnError() throws IOException {
        assertThatThrownBy(() -> SpentConsents.open(folder.resolve("nowhere")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is not a folder");
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> SpentConsents.open(open))
                .hasMessageContaining("others than its owner may write to it");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("spent"));
        assertThatThrownBy(() -> SpentConsents.open(link)).isInstanceOf(Problem.class);
    }
}
