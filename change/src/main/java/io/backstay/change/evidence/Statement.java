package io.backstay.change.evidence;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.backstay.change.StrictJson;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Something said about a change, plan and policy, as an in-toto statement in a DSSE envelope.
///
/// Subjects are three, in this order: `change/ID`, `plan`, `policy`, each with a `sha256`. Source:
/// in-toto attestation framework, Statement v1.
///
/// @param predicate what is said; its type is the predicate's record
public record Statement<P>(Subjects subjects, String predicateType, P predicate) {
    public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    private static final String TYPE = "https://in-toto.io/Statement/v1";

    /// A statement that was believed, or why it was not.
    public sealed interface Reading<P> {

        /// @param digest SHA-256 of the signed bytes: what other statements refer to
        /// @param signers distinct owners of the keys that signed
        record Believed<P>(Statement<P> statement, String digest, Set<String> signers)
                implements Reading<P> {}

        record Rejected<P>(String reason) implements Reading<P> {}
    }

    private record Json(
            @JsonProperty("_type") String type,
            List<SubjectJson> subject,
            String predicateType,
            JsonNode predicate) {}

    private record SubjectJson(String name, Map<String, String> digest) {}

    public Envelope sign(List<SigningKey> keys) {
        Json json =
                new Json(
                        TYPE,
                        List.of(
                                new SubjectJson(
                                        "change/" + subjects.changeId(),
                                        Map.of("sha256", subjects.change())),
                                new SubjectJson("plan", Map.of("sha256", subjects.plan())),
                                new SubjectJson("policy", Map.of("sha256", subjects.policy()))),
                        predicateType,
                        StrictJson.tree(predicate));
        return Envelope.sign(
                PAYLOAD_TYPE, StrictJson.write(json).getBytes(StandardCharsets.UTF_8), keys);
    }

    /// Reads a statement if enough owners signed it, and if it is of the expected kind.
    public static <P> Reading<P> verify(
            Envelope envelope,
            TrustedKeys trusted,
            int threshold,
            String predicateType,
            Class<P> type) {
        return switch (envelope.verify(trusted, PAYLOAD_TYPE, threshold)) {
            case Envelope.Verification.Rejected(String reason) -> new Reading.Rejected<>(reason);
            case Envelope.Verification.Verified(byte[] payload, Set<String> owners) ->
                    read(payload, owners, predicateType, type);
        };
    }

    private static <P> Reading<P> read(
            byte[] payload, Set<String> owners, String predicateType, Class<P> type) {
        try {
            Json json =
                    StrictJson.read(
                            "a statement", new String(payload, StandardCharsets.UTF_8), Json.class);
            if (!json.type().equals(TYPE)) {
                return new Reading.Rejected<>(
                        "expected a statement of type %s, found %s".formatted(TYPE, json.type()));
            }
            if (!json.predicateType().equals(predicateType)) {
                return new Reading.Rejected<>(
                        "expected a predicate %s, found %s"
                                .formatted(predicateType, json.predicateType()));
            }
            return new Reading.Believed<>(
                    new Statement<>(
                            subjects(json.subject()),
                            predicateType,
                            StrictJson.read("a predicate", json.predicate(), type)),
                    Disk.sha256(payload),
                    owners);
        } catch (Problem | IllegalArgumentException e) {
            // signed, yet no statement of ours: as good as not said
            return new Reading.Rejected<>(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static Subjects subjects(List<SubjectJson> subjects) {
        if (subjects.size() != 3
                || !subjects.get(0).name().startsWith("change/")
                || !subjects.get(1).name().equals("plan")
                || !subjects.get(2).name().equals("policy")) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "expected the subjects change/ID, plan, policy, found "
                            + subjects.stream().map(SubjectJson::name).toList(),
                    "The statement is not one of Backstay's.");
        }
        return new Subjects(
                subjects.get(0).name().substring("change/".length()),
                sha256(subjects.get(0)),
                sha256(subjects.get(1)),
                sha256(subjects.get(2)));
    }

    private static String sha256(SubjectJson subject) {
        return subject.digest().getOrDefault("sha256", "none");
    }
}
