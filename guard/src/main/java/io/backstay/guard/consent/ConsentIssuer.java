package io.backstay.guard.consent;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.GuardAnswer;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Makes consents on the host they are about.
///
/// - Only of a cleared answer of this very boot, a moment old.
/// - Written down in the host's ledger, durably, before it is signed: no consent exists that the
///   ledger does not know.
/// - A key that has consented for one machine consents for no other: a copied image is refused.
public final class ConsentIssuer {
    static final String ISSUED = "guard.consent.issued";
    static final String REFUSED = "guard.consent.refused";

    /// A clock may be put right by this much; more is a jump.
    static final Duration CLOCK_STEP = Duration.ofSeconds(30);

    private static final Duration VALID_MIN = Duration.ofMinutes(1);
    private static final int NONCE_BYTES = 16;

    private final Ledger ledger;
    private final SigningKey key;
    private final IssuingHost host;
    private final Duration validFor;
    private final Time time;
    private final SecureRandom random = new SecureRandom();

    /// @param ledger of this host, with the key that signs it
    /// @param validFor between a minute and an hour; to be as long as a restart takes
    public ConsentIssuer(
            Ledger ledger, SigningKey key, IssuingHost host, Duration validFor, Time time) {
        if (validFor.compareTo(VALID_MIN) < 0 || validFor.compareTo(Consent.VALID_MAX) > 0) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "a consent cannot be valid for %s, expected %s to %s"
                            .formatted(validFor, VALID_MIN, Consent.VALID_MAX),
                    "give it as long as the restart takes: --valid-for PT10M.");
        }
        this.ledger = ledger;
        this.key = key;
        this.host = host;
        this.validFor = validFor;
        this.time = time;
    }

    /// A consent and the text that carries it.
    ///
    /// @param signed one line of JSON, to be handed to whoever provisions
    public record Issued(Consent consent, String signed) {}

    /// Consents to what was cleared.
    ///
    /// @throws Problem refused, if the machine, its boot or its clock is not what it was
    public Issued issue(GuardAnswer cleared) {
        if (!cleared.isCleared()) {
            throw new IllegalArgumentException("a refusal is no consent");
        }
        Instant lookedAt = cleared.startedAt().plus(cleared.took());
        requireThisMachine();
        requireThisBoot(cleared);
        requireSteadyClock(lookedAt);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String name = HexFormat.of().formatHex(nonce);
        Instant notAfter = lookedAt.plus(validFor);
        LedgerEntry entry =
                ledger.append(
                        ISSUED,
                        "",
                        null,
                        Map.of(
                                "operation", cleared.operation(),
                                "target", cleared.target(),
                                "evidence", cleared.evidenceDigest(),
                                "nonce", name,
                                "notAfter", notAfter.toString(),
                                "machineId", host.machineId(),
                                "hardwareUuid", host.hardwareUuid()));
        var consent =
                new Consent(
                        1,
                        host.machineId(),
                        host.hardwareUuid(),
                        host.bootId(),
                        cleared.operation(),
                        cleared.target(),
                        cleared.evidenceDigest(),
                        name,
                        lookedAt,
                        notAfter,
                        entry.head().line());
        return new Issued(
                consent,
                Envelope.sign(Consent.PAYLOAD_TYPE, consent.payload(), List.of(key)).json());
    }

    /// Writes down that this host did not consent.
    public void refused(GuardAnswer answer) {
        ledger.append(
                REFUSED,
                "",
                null,
                Map.of(
                        "operation", answer.operation(),
                        "target", answer.target(),
                        "reasons", answer.reasons(),
                        "evidence", answer.evidenceDigest()));
    }

    private void requireThisMachine() {
        if (host.isUnknown()) {
            throw refusal(
                    "expected a machine id or a hardware UUID, found neither",
                    "run as root; `systemd-machine-id-setup` makes a machine id.");
        }
        ledger.entries().stream()
                .filter(entry -> entry.type().equals(ISSUED))
                .reduce((_, later) -> later)
                .filter(
                        entry ->
                                !host.isSameMachine(
                                        entry.body().path("machineId").asString(""),
                                        entry.body().path("hardwareUuid").asString("")))
                .ifPresent(
                        entry -> {
                            throw refusal(
                                    "its key and ledger come from another machine, %s %s"
                                            .formatted(
                                                    entry.body().path("machineId").asString(""),
                                                    entry.body().path("hardwareUuid").asString("")),
                                    "move the guard's folder away: the next run makes a key of this"
                                            + " machine's own, which provisioning must learn.");
                        });
    }

    private void requireThisBoot(GuardAnswer cleared) {
        if (host.bootId().isEmpty() || !host.bootId().equals(cleared.bootId())) {
            throw refusal(
                    "expected an answer of the running boot '%s', found one of '%s'"
                            .formatted(host.bootId(), cleared.bootId()),
                    "look again: `backstay guard consent issue`.");
        }
    }

    private void requireSteadyClock(Instant lookedAt) {
        Instant now = time.now();
        if (Duration.between(lookedAt, now).abs().compareTo(CLOCK_STEP) > 0) {
            throw refusal(
                    "the clock jumped or the answer is old: it was given at %s, and now is %s"
                            .formatted(lookedAt, now),
                    "look again: `backstay guard consent issue`.");
        }
        List<LedgerEntry> entries = ledger.entries();
        if (!entries.isEmpty() && entries.getLast().time().isAfter(now.plus(CLOCK_STEP))) {
            throw refusal(
                    "the clock went backwards: the ledger's last entry is of %s, and now is %s"
                            .formatted(entries.getLast().time(), now),
                    "put the clock right (`timedatectl`), then run this again.");
        }
    }

    private static Problem refusal(String why, String hint) {
        return new Problem(ErrorCode.REFUSED, "this host does not consent: " + why, hint);
    }
}
