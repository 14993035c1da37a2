package io.backstay.change.evidence;

import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Instant;
import java.util.List;

/// One person's word on a change, as it was when they saw it.
///
/// @param approver owner of the one key that signs
/// @param reason in the person's own words
/// @param sees digest of the evidence it rests on
/// @param expires from then on it is no longer an approval
public record Approval(
        String approver,
        Decision decision,
        String reason,
        String sees,
        Instant given,
        Instant expires) {
    public static final String PREDICATE_TYPE = "urn:backstay:predicate:approval:v1";

    public enum Decision {
        GRANTED,
        DENIED
    }

    public Envelope sign(Subjects subjects, SigningKey key) {
        return new Statement<>(subjects, PREDICATE_TYPE, this).sign(List.of(key));
    }

    /// Believed only if the approver, and nobody else, signed it.
    public static Statement.Reading<Approval> verify(Envelope envelope, TrustedKeys trusted) {
        var reading = Statement.verify(envelope, trusted, 1, PREDICATE_TYPE, Approval.class);
        return switch (reading) {
            case Statement.Reading.Rejected<Approval> rejected -> rejected;
            case Statement.Reading.Believed<Approval> believed -> {
                String approver = believed.statement().predicate().approver();
                yield believed.signers().equals(java.util.Set.of(approver))
                        ? believed
                        : new Statement.Reading.Rejected<>(
                                "an approval by %s is signed by %s"
                                        .formatted(approver, believed.signers()));
            }
        };
    }
}
