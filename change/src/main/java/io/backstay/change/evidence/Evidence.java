package io.backstay.change.evidence;

import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a rehearsal showed: predicate of a statement, signed by its runner and a second key.
///
/// @param runner owner of the key it was run under; must be among the signers
/// @param repeats clean runs in a row
/// @param downtimeMillisMax the longest a client could not write
/// @param unknowns what the twin could not show, by name; empty claims there is nothing
/// @param ledgerHead head of the chain that tells of the run
public record Evidence(
        String runId,
        String runner,
        Tool tool,
        Instant started,
        Instant ended,
        Twin twin,
        int repeats,
        List<StepTime> steps,
        long downtimeMillisMax,
        List<Fault> faults,
        List<NegativeControl> negativeControls,
        Backout backout,
        Restore restore,
        List<String> unknowns,
        Result result,
        String why,
        Instant validUntil,
        String ledgerHead) {
    public static final String PREDICATE_TYPE = "urn:backstay:predicate:rehearsal:v1";

    /// Runner and verifier.
    public static final int SIGNERS_MIN = 2;

    /// @param sha256 of the program; empty if it was not taken
    public record Tool(String version, String sha256) {}

    /// The twin it ran on. `hosts` and `rows` are its size.
    public record Twin(List<String> serverVersions, int clusters, int hosts, long rows) {}

    /// @param undoMillis how long taking it back took; -1 if it was not taken back
    public record StepTime(String id, String result, long millis, long undoMillis) {}

    /// @param recoveredMillis from the fault to normal service
    public record Fault(
            String id, String expected, String observed, long recoveredMillis, boolean pass) {}

    /// @param reason code of the refusal; empty if it was not refused
    public record NegativeControl(String id, boolean refused, String reason) {}

    /// @param expires from then on the way back is no longer proven
    public record Backout(boolean executed, long millis, long dataLossRows, Instant expires) {}

    public record Restore(boolean executed, Duration took, long bytes) {}

    public enum Result {
        PASSED,
        FAILED,
        INCONCLUSIVE
    }

    public Statement<Evidence> about(Subjects subjects) {
        return new Statement<>(subjects, PREDICATE_TYPE, this);
    }

    public Envelope sign(Subjects subjects, List<SigningKey> keys) {
        return about(subjects).sign(keys);
    }

    /// Believed only with two owners' signatures, the runner's among them.
    public static Statement.Reading<Evidence> verify(Envelope envelope, TrustedKeys trusted) {
        var reading =
                Statement.verify(envelope, trusted, SIGNERS_MIN, PREDICATE_TYPE, Evidence.class);
        return switch (reading) {
            case Statement.Reading.Rejected<Evidence> rejected -> rejected;
            case Statement.Reading.Believed<Evidence> believed -> {
                String runner = believed.statement().predicate().runner();
                yield believed.signers().contains(runner)
                        ? believed
                        : new Statement.Reading.Rejected<>(
                                "the runner %s has not signed its own evidence".formatted(runner));
            }
        };
    }
}
