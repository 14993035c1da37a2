package io.backstay.recovery.proof;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A certificate as a file: a DSSE envelope around an in-toto statement, signed by one key.
///
/// Statement: `{"_type","subject":[{"name","digest":{"sha256"}}],"predicateType",
/// "predicate":{...}}`; subjects are the base's table of contents and each segment; the predicate
/// is a [Certificate] with `formatVersion`. Source: in-toto attestation framework, statement v1.
public final class CertificateFile {
    public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    public static final String PREDICATE_TYPE = "urn:backstay:predicate:restore:v1";
    private static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private CertificateFile() {}

    record Statement(
            String _type, List<Subject> subject, String predicateType, Certificate predicate) {}

    record Subject(String name, Map<String, String> digest) {}

    /// What came of looking at a file, offline.
    public sealed interface Checked {

        /// Signed by a trusted key. Whether all is proven is the certificate's own word.
        record Genuine(Certificate certificate, Set<String> owners) implements Checked {}

        /// Not what a trusted key signed; nothing in it counts.
        record Rejected(String reason) implements Checked {}
    }

    /// Writes it, 0600, so that it is there whole or not at all.
    public static void write(Path file, Certificate certificate, SigningKey key) {
        var subjects = new java.util.ArrayList<Subject>();
        subjects.add(subject(certificate.base().id(), certificate.base().sha256()));
        certificate
                .coverage()
                .stretches()
                .forEach(stretch -> subjects.add(subject(stretch.part(), stretch.sha256())));
        byte[] statement =
                JSON.writeValueAsBytes(
                        new Statement(STATEMENT_TYPE, subjects, PREDICATE_TYPE, certificate));
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Disk.folder(parent);
        }
        Disk.writeAtomically(
                file, Envelope.sign(PAYLOAD_TYPE, statement, List.of(key)).json() + "\n");
    }

    /// Errors: no such file, or none that is an envelope around a certificate.
    public static Checked check(Path file, TrustedKeys trusted) {
        if (!Files.isRegularFile(file)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "no certificate at " + file,
                    "`backstay restore` says where it wrote one.");
        }
        Envelope envelope = Envelope.parse(Disk.readText(file));
        return switch (envelope.verify(trusted, PAYLOAD_TYPE, 1)) {
            case Envelope.Verification.Rejected(String reason) -> new Checked.Rejected(reason);
            case Envelope.Verification.Verified verified ->
                    new Checked.Genuine(parse(file, verified.payload()), verified.owners());
        };
    }

    private static Certificate parse(Path file, byte[] payload) {
        try {
            Statement statement = JSON.readValue(payload, Statement.class);
            if (!statement._type().equals(STATEMENT_TYPE)
                    || !statement.predicateType().equals(PREDICATE_TYPE)) {
                throw new Problem(
                        ErrorCode.BAD_FILE,
                        "%s is signed, but is no certificate of a restore: expected %s, found %s"
                                .formatted(file, PREDICATE_TYPE, statement.predicateType()),
                        "give the file that `backstay restore` wrote.");
            }
            return statement.predicate();
        } catch (JacksonException e) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "%s is signed, but its content cannot be read: %s"
                            .formatted(file, e.getOriginalMessage()),
                    "use the version of backstay that wrote it, or a newer one.",
                    e);
        }
    }

    private static Subject subject(String name, String sha256) {
        return new Subject(name, Map.of("sha256", sha256));
    }
}
