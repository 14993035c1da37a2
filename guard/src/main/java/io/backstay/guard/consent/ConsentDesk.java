package io.backstay.guard.consent;

import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Instant;
import java.util.Optional;

/// Where a consent is shown, held against what is demanded, and used up.
///
/// Spending is the last step and decides: of any number of uses at once, in any number of
/// processes, one is given. A crash after it leaves a spent consent that was of no use; the host is
/// asked again. Safe for use by several threads.
public final class ConsentDesk {
    /// Longer texts are no consent.
    public static final int TEXT_CHARS_MAX = 1 << 16;

    private final TrustedKeys keys;
    private final SpentConsents spent;
    private final Time time;

    /// @param keys of hosts, each by the name under which it is provisioned
    public ConsentDesk(TrustedKeys keys, SpentConsents spent, Time time) {
        this.keys = keys;
        this.spent = spent;
        this.time = time;
    }

    /// @param signed as it was shown
    public ConsentAnswer verifyAndSpend(String signed, ConsentDemand demand) {
        Consent consent;
        try {
            consent = requireSigned(signed, demand);
        } catch (RefusedException e) {
            return new ConsentAnswer.Refused(e.reason);
        }
        Instant now = time.now();
        Optional<String> fault =
                otherThanDemanded(consent, demand)
                        .or(() -> spent.clockFault(now))
                        .or(() -> outOfTime(consent, now));
        if (fault.isPresent()) {
            return new ConsentAnswer.Refused(fault.get());
        }
        return spent.spend(demand.host(), consent, now)
                ? new ConsentAnswer.Given(demand.host(), consent)
                : new ConsentAnswer.Refused("it was used before; a consent is for one use");
    }

    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String reason;

        RefusedException(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private Consent requireSigned(String signed, ConsentDemand demand) throws RefusedException {
        if (signed.length() > TEXT_CHARS_MAX) {
            throw new RefusedException("it is longer than any consent");
        }
        TrustedKeys own =
                TrustedKeys.of(
                        keys.all().stream()
                                .filter(key -> key.owner().equals(demand.host()))
                                .toList());
        if (own.all().isEmpty()) {
            throw new RefusedException("no key of %s is known here".formatted(demand.host()));
        }
        Envelope envelope;
        try {
            envelope = Envelope.parse(signed);
        } catch (Problem e) {
            throw new RefusedException("it is no signed consent, or was damaged");
        }
        return switch (envelope.verify(own, Consent.PAYLOAD_TYPE, 1)) {
            case Envelope.Verification.Rejected(String reason) ->
                    throw new RefusedException(
                            "%s has not signed it: %s".formatted(demand.host(), reason));
            case Envelope.Verification.Verified(byte[] payload, _) -> requireConsent(payload);
        };
    }

    private static Consent requireConsent(byte[] payload) throws RefusedException {
        try {
            return Consent.of(payload);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("what was signed is no consent: " + e.getMessage());
        }
    }

    private static Optional<String> otherThanDemanded(Consent consent, ConsentDemand demand) {
        if (!consent.operation().equals(demand.operation())
                || !consent.target().equals(demand.target())) {
            return Optional.of(
                    "it is for %s of %s, expected %s of %s"
                            .formatted(
                                    consent.operation(),
                                    consent.target(),
                                    demand.operation(),
                                    demand.target()));
        }
        return demand.hardwareUuid()
                .filter(uuid -> uuid.isBlank() || !uuid.equals(consent.hardwareUuid()))
                .map(
                        uuid ->
                                "it is of the machine '%s', expected '%s'"
                                        .formatted(consent.hardwareUuid(), uuid));
    }

    private static Optional<String> outOfTime(Consent consent, Instant now) {
        if (consent.issuedAt().isAfter(now.plus(ConsentIssuer.CLOCK_STEP))) {
            return Optional.of(
                    "it was issued at %s, which is yet to come: now is %s"
                            .formatted(consent.issuedAt(), now));
        }
        return now.isBefore(consent.notAfter())
                ? Optional.empty()
                : Optional.of(
                        "it was good until %s, and now is %s".formatted(consent.notAfter(), now));
    }
}
