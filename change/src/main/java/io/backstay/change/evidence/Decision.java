package io.backstay.change.evidence;

import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Two people's word that a frozen run goes on. It answers one freeze and no other: the next one
/// needs a word of its own.
///
/// @param people exactly two, who both sign
/// @param reason in their own words
/// @param run the run that is frozen
/// @param answers hash of the ledger entry by which it was frozen
public record Decision(
        List<String> people, String reason, String run, String answers, Instant given) {
    public static final String PREDICATE_TYPE = "urn:backstay:predicate:decision:v1";

    public Decision {
        people = List.copyOf(people);
    }

    public Envelope sign(Subjects subjects, List<SigningKey> keys) {
        return new Statement<>(subjects, PREDICATE_TYPE, this).sign(keys);
    }

    /// Believed only if it is about these subjects, answers this freeze of this run, gives a
    /// reason, and is signed by the two it names, each with a key of their own.
    ///
    /// @param frozen hash of the entry by which the run was frozen last
    public static Statement.Reading<Decision> verify(
            Envelope envelope, TrustedKeys trusted, Subjects subjects, String run, String frozen) {
        var reading = Statement.verify(envelope, trusted, 2, PREDICATE_TYPE, Decision.class);
        return switch (reading) {
            case Statement.Reading.Rejected<Decision> rejected -> rejected;
            case Statement.Reading.Believed<Decision> believed -> {
                String fault =
                        believed.statement().predicate().faultIn(believed, subjects, run, frozen);
                yield fault.isEmpty() ? believed : new Statement.Reading.Rejected<>(fault);
            }
        };
    }

    private String faultIn(
            Statement.Reading.Believed<Decision> believed,
            Subjects subjects,
            String expectedRun,
            String frozen) {
        if (!believed.statement().subjects().equals(subjects)) {
            return "a decision on another change, plan or policy";
        }
        if (!run.equals(expectedRun) || !answers.equals(frozen)) {
            return "a decision on another freeze";
        }
        if (people.size() != 2 || !believed.signers().equals(Set.copyOf(people))) {
            return "a decision by %s is signed by %s"
                    .formatted(people, new TreeSet<>(believed.signers()));
        }
        return reason.isBlank() ? "a decision without a reason" : "";
    }
}
