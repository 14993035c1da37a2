package io.backstay.change.evidence;

import io.backstay.doors.Problem;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Signed leave to start one operation on one host, once, within seconds.
///
/// The window is counted on the host's own boot clock from the moment it drew the nonce: no clock
/// of another machine matters, and a jump of the wall's clock changes nothing.
///
/// @param hostIdentity the line a host is bound to; its name is no part of it
/// @param operationDigest over everything that makes the effect what it is
/// @param guardDigest of what the guard found a moment ago; empty for an unguarded step
/// @param stepId the step of the change
/// @param nonce drawn by the host, burnt before it acts
/// @param validSeconds from the drawing of the nonce to the start of the act, 1 to 60
/// @param approvalDigests sorted; empty only past the gate by break-glass
/// @param breakGlassDigest empty if the gate said yes by itself
/// @param controllerHead end of the controller's ledger, to be kept by the host as a mirror
public record Permit(
        String hostIdentity,
        String operationDigest,
        String guardDigest,
        String stepId,
        String nonce,
        long validSeconds,
        List<String> approvalDigests,
        String breakGlassDigest,
        String controllerHead) {
    public static final String PREDICATE_TYPE = "urn:backstay:predicate:permit:v1";
    public static final long VALID_SECONDS_MAX = 60;

    public Permit {
        approvalDigests = List.copyOf(approvalDigests);
    }

    public Envelope sign(Subjects subjects, SigningKey controllerKey) {
        return new Statement<>(subjects, PREDICATE_TYPE, this).sign(List.of(controllerKey));
    }

    /// Believed only if the controller signed it.
    ///
    /// @param controller owner of the controller's key in the host's own configuration
    public static Statement.Reading<Permit> verify(
            Envelope envelope, TrustedKeys trusted, String controller) {
        var reading = Statement.verify(envelope, trusted, 1, PREDICATE_TYPE, Permit.class);
        return switch (reading) {
            case Statement.Reading.Rejected<Permit> rejected -> rejected;
            case Statement.Reading.Believed<Permit> believed ->
                    believed.signers().equals(Set.of(controller))
                            ? believed
                            : new Statement.Reading.Rejected<>(
                                    "a permit is signed by %s, expected the controller %s"
                                            .formatted(believed.signers(), controller));
        };
    }

    /// What the host knows by itself when it holds a permit against it.
    ///
    /// @param nonceAge on the boot clock, since the host drew the nonce
    /// @param nonceIsBurnt whether the nonce was used before
    public record HostFacts(
            String hostIdentity,
            String operationDigest,
            String guardDigest,
            String nonce,
            Duration nonceAge,
            boolean nonceIsBurnt) {}

    /// The answers there are.
    public sealed interface Check {

        record Good(LedgerHead controllerHead) implements Check {}

        /// @param code stable, such as `permit.expired`
        record Bad(String code, String says) implements Check {}
    }

    /// Holds this permit against what the host knows. Pure.
    public Check check(HostFacts host) {
        if (!hostIdentity.equals(host.hostIdentity())) {
            return new Check.Bad(
                    "permit.host", "the permit is for another host or another state of it");
        }
        if (!operationDigest.equals(host.operationDigest())) {
            return new Check.Bad("permit.operation", "the permit is for another operation");
        }
        if (!guardDigest.equals(host.guardDigest())) {
            return new Check.Bad("permit.facts", "the permit rests on other findings of the guard");
        }
        if (!nonce.equals(host.nonce()) || nonce.isEmpty()) {
            return new Check.Bad("permit.nonce", "the permit answers another question");
        }
        if (host.nonceIsBurnt()) {
            return new Check.Bad("permit.replayed", "the permit was used before");
        }
        if (validSeconds < 1 || validSeconds > VALID_SECONDS_MAX) {
            return new Check.Bad(
                    "permit.window",
                    "expected a window of 1 to %d seconds, found %d"
                            .formatted(VALID_SECONDS_MAX, validSeconds));
        }
        if (host.nonceAge().isNegative()
                || host.nonceAge().compareTo(Duration.ofSeconds(validSeconds)) > 0) {
            return new Check.Bad(
                    "permit.expired",
                    "the permit was good for %d seconds, it is %d ms old"
                            .formatted(validSeconds, host.nonceAge().toMillis()));
        }
        try {
            return new Check.Good(LedgerHead.parse(controllerHead));
        } catch (Problem e) {
            return new Check.Bad(
                    "permit.head", "the permit names no head of the controller's ledger");
        }
    }

    /// Holds the approvals that came with this permit against the host's own keys: they must be the
    /// ones it names, about the same subjects, not expired, by enough people. Pure.
    ///
    /// @param peopleMin from the host's own configuration; 0 where nobody's approval is asked for,
    ///   as on a twin
    /// @param now of the host's own clock
    /// @return what is wrong; empty if nothing is
    public Optional<Check.Bad> checkApprovals(
            Subjects subjects,
            List<Envelope> approvals,
            TrustedKeys trusted,
            int peopleMin,
            Instant now) {
        Set<String> people = new TreeSet<>();
        Set<String> digests = new TreeSet<>();
        for (Envelope envelope : approvals) {
            switch (Approval.verify(envelope, trusted)) {
                case Statement.Reading.Rejected<Approval>(String reason) -> {
                    return Optional.of(new Check.Bad("permit.people", reason));
                }
                case Statement.Reading.Believed<Approval>(var statement, var digest, _) -> {
                    boolean isGranted =
                            statement.predicate().decision() == Approval.Decision.GRANTED;
                    if (!statement.subjects().equals(subjects) || !isGranted) {
                        return Optional.of(
                                new Check.Bad(
                                        "permit.people",
                                        "an approval of something else, or a denial"));
                    }
                    if (!now.isBefore(statement.predicate().expires())) {
                        return Optional.of(
                                new Check.Bad(
                                        "permit.people",
                                        "the approval by %s expired at %s"
                                                .formatted(
                                                        statement.predicate().approver(),
                                                        statement.predicate().expires())));
                    }
                    people.add(statement.predicate().approver());
                    digests.add(digest);
                }
            }
        }
        if (!digests.equals(Set.copyOf(approvalDigests))) {
            return Optional.of(
                    new Check.Bad("permit.people", "the permit rests on other approvals"));
        }
        if (people.size() < peopleMin) {
            return Optional.of(
                    new Check.Bad(
                            "permit.people",
                            "expected approvals by %d people, found %d"
                                    .formatted(peopleMin, people.size())));
        }
        return Optional.empty();
    }
}
