package io.backstay.change.evidence;

import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Two people's written word that a change goes past the gate's rules about evidence and people,
/// for at most an hour. It opens no rule of a guard, nor those about the size of a plan and the
/// members of a cluster.
///
/// @param people exactly two, who both sign
/// @param expires at most one hour after it was opened
public record BreakGlass(List<String> people, String reason, Instant opened, Instant expires) {
    public static final String PREDICATE_TYPE = "urn:backstay:predicate:break-glass:v1";
    public static final Duration VALID_MAX = Duration.ofHours(1);

    public BreakGlass {
        people = List.copyOf(people);
    }

    public Envelope sign(Subjects subjects, List<SigningKey> keys) {
        return new Statement<>(subjects, PREDICATE_TYPE, this).sign(keys);
    }

    /// Believed only if it is about these subjects, signed by the two it names, given with a
    /// reason, and open now.
    public static Statement.Reading<BreakGlass> verify(
            Envelope envelope, TrustedKeys trusted, Subjects subjects, Instant now) {
        var reading = Statement.verify(envelope, trusted, 2, PREDICATE_TYPE, BreakGlass.class);
        return switch (reading) {
            case Statement.Reading.Rejected<BreakGlass> rejected -> rejected;
            case Statement.Reading.Believed<BreakGlass> believed -> {
                String fault = believed.statement().predicate().faultIn(believed, subjects, now);
                yield fault.isEmpty() ? believed : new Statement.Reading.Rejected<>(fault);
            }
        };
    }

    private String faultIn(
            Statement.Reading.Believed<BreakGlass> believed, Subjects subjects, Instant now) {
        if (!believed.statement().subjects().equals(subjects)) {
            return "break-glass for another change, plan or policy";
        }
        if (people.size() != 2 || !believed.signers().equals(Set.copyOf(people))) {
            return "break-glass names %s, signed have %s".formatted(people, believed.signers());
        }
        if (reason.isBlank()) {
            return "break-glass without a reason";
        }
        if (Duration.between(opened, expires).compareTo(VALID_MAX) > 0) {
            return "break-glass for more than an hour";
        }
        if (now.isBefore(opened) || !now.isBefore(expires)) {
            return "break-glass is open from %s to %s, now is %s".formatted(opened, expires, now);
        }
        return "";
    }
}
