package io.backstay.node.controller;

import io.backstay.change.evidence.Permit;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.Leave;
import io.backstay.rollout.protocol.Offer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Grants what the controller itself has offered and is still waiting for, on what that change's
/// dossier holds.
///
/// A permit is written down before it is given.
public final class SignedPermits implements PermitOffice {
    private final SigningKey key;
    private final Ledger ledger;
    private final Function<String, Optional<Dossier>> dossiers;
    private final Duration validFor;

    /// @param dossiers by the change's digest; empty for a change nobody has opened
    public SignedPermits(
            SigningKey key,
            Ledger ledger,
            Function<String, Optional<Dossier>> dossiers,
            Duration validFor) {
        this.key = key;
        this.ledger = ledger;
        this.dossiers = dossiers;
        this.validFor = validFor;
    }

    @Override
    public Answer decide(String host, Offer offer, Challenge challenge) {
        if (!offer.operationDigest().equals(challenge.operationDigest())) {
            return new Answer.Denied("the operation is not the one that was offered");
        }
        Optional<Dossier> dossier = dossiers.apply(offer.changeDigest());
        if (dossier.isEmpty()) {
            return new Answer.Denied(
                    "no change with digest %s is open".formatted(offer.changeDigest()));
        }
        ledger.append(
                "permit.granted",
                host,
                offer.changeDigest(),
                Map.of(
                        "effect", offer.effectId(),
                        "operation", offer.operation(),
                        "nonce", challenge.nonce(),
                        "evidence", challenge.evidenceDigest()));
        return new Answer.Granted(leave(offer, challenge, dossier.get()));
    }

    private Leave leave(Offer offer, Challenge challenge, Dossier dossier) {
        var permit =
                new Permit(
                        challenge.identity().bound(),
                        challenge.operationDigest(),
                        challenge.evidenceDigest(),
                        offer.effectId(),
                        challenge.nonce(),
                        validFor.toSeconds(),
                        dossier.approvalDigests(),
                        dossier.breakGlassDigest(),
                        ledger.head().line());
        return new Leave(
                permit.sign(dossier.subjects(), key).json(),
                dossier.approvals(),
                dossier.breakGlass());
    }
}
