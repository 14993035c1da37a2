package io.backstay.node.agent;

import io.backstay.change.evidence.BreakGlass;
import io.backstay.change.evidence.Permit;
import io.backstay.change.evidence.Statement;
import io.backstay.change.evidence.Subjects;
import io.backstay.doors.Problem;
import io.backstay.ledger.seal.Envelope;
import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.Leave;
import io.backstay.rollout.protocol.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Holds one leave against one challenge, with the agent's own keys.
final class PermitCheck {
    /// Owner of the controller's key in every agent's configuration.
    static final String CONTROLLER = "controller";

    private final AgentConfig config;
    private final Offer offer;
    private final Challenge challenge;
    private final boolean destructive;

    PermitCheck(AgentConfig config, Offer offer, Challenge challenge, boolean destructive) {
        this.config = config;
        this.offer = offer;
        this.challenge = challenge;
        this.destructive = destructive;
    }

    /// The two answers there are.
    sealed interface Answer {

        /// @param controllerHead head of the controller's ledger, one line
        /// @param validFor from the challenge to the beginning of the act
        record Good(String controllerHead, Duration validFor) implements Answer {}

        record Bad(String says) implements Answer {}
    }

    /// @param age since the challenge was made, on the boot clock
    /// @param now for the expiry of approvals and break-glass, which people have written
    Answer check(Leave leave, Duration age, Instant now) {
        try {
            return switch (Permit.verify(
                    Envelope.parse(leave.permit()), config.controllerKeys(), CONTROLLER)) {
                case Statement.Reading.Rejected<Permit> rejected ->
                        new Answer.Bad(rejected.reason());
                case Statement.Reading.Believed<Permit> believed ->
                        check(believed.statement(), leave, age, now);
            };
        } catch (Problem e) {
            return new Answer.Bad(String.valueOf(e.getMessage()));
        }
    }

    private Answer check(Statement<Permit> statement, Leave leave, Duration age, Instant now) {
        Permit permit = statement.predicate();
        Subjects subjects = statement.subjects();
        if (!subjects.change().equals(offer.changeDigest())) {
            return new Answer.Bad("the permit is for another change");
        }
        Permit.Check facts =
                permit.check(
                        new Permit.HostFacts(
                                challenge.identity().bound(),
                                challenge.operationDigest(),
                                challenge.evidenceDigest(),
                                challenge.nonce(),
                                age,
                                false));
        return switch (facts) {
            case Permit.Check.Bad bad -> new Answer.Bad(bad.code() + ": " + bad.says());
            case Permit.Check.Good good -> {
                Optional<String> nobody =
                        destructive
                                ? whoseWordIsMissing(permit, subjects, leave, now)
                                : Optional.empty();
                yield nobody.isPresent()
                        ? new Answer.Bad(nobody.get())
                        : new Answer.Good(
                                good.controllerHead().line(),
                                Duration.ofSeconds(permit.validSeconds()));
            }
        };
    }

    private Optional<String> whoseWordIsMissing(
            Permit permit, Subjects subjects, Leave leave, Instant now) {
        if (leave.breakGlass().isEmpty()) {
            List<Envelope> approvals = leave.approvals().stream().map(Envelope::parse).toList();
            return permit.checkApprovals(
                            subjects, approvals, config.approverKeys(), config.approvalsMin(), now)
                    .map(bad -> bad.code() + ": " + bad.says());
        }
        return switch (BreakGlass.verify(
                Envelope.parse(leave.breakGlass()), config.approverKeys(), subjects, now)) {
            case Statement.Reading.Rejected<BreakGlass> rejected ->
                    Optional.of("break-glass: " + rejected.reason());
            case Statement.Reading.Believed<BreakGlass> believed ->
                    believed.digest().equals(permit.breakGlassDigest())
                            ? Optional.empty()
                            : Optional.of("the permit rests on another break-glass");
        };
    }
}
