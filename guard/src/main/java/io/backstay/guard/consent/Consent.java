package io.backstay.guard.consent;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a host signs when it consents: one operation on one target of this machine, once, within
/// minutes.
///
/// On disk it is the payload of a [io.backstay.ledger.seal.Envelope] of type [#PAYLOAD_TYPE], as
/// JSON with exactly these fields.
///
/// @param schemaVersion 1
/// @param machineId of the system that consented; empty if it has none
/// @param hardwareUuid of the machine's firmware, lower case; empty if it tells none
/// @param bootId of the boot in which the guard looked
/// @param operation as the guard was asked
/// @param target as the guard was asked: `host`, `device:...`, `path:...`
/// @param evidence digest of the guard's answer
/// @param nonce 32 hexadecimal digits; a consent is spent under this name
/// @param issuedAt when the guard had looked, on the host's clock
/// @param notAfter at most [#VALID_MAX] later
/// @param ledgerHead of the host's ledger, whose last entry is this consent: whoever keeps the
///   consent has a mirror of that ledger
public record Consent(
        int schemaVersion,
        String machineId,
        String hardwareUuid,
        String bootId,
        String operation,
        String target,
        String evidence,
        String nonce,
        Instant issuedAt,
        Instant notAfter,
        String ledgerHead) {
    public static final String PAYLOAD_TYPE = "application/vnd.backstay.consent.v1+json";
    public static final Duration VALID_MAX = Duration.ofHours(1);

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    /// @throws IllegalArgumentException for what no host may sign
    public Consent {
        if (schemaVersion != 1) {
            throw new IllegalArgumentException("expected schema version 1, found " + schemaVersion);
        }
        if (!nonce.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("expected a nonce of 32 hexadecimal digits");
        }
        if (operation.isBlank() || target.isBlank()) {
            throw new IllegalArgumentException("expected an operation and a target");
        }
        if (!hardwareUuid.equals(hardwareUuid.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("expected a hardware UUID in lower case");
        }
        Duration validFor = Duration.between(issuedAt, notAfter);
        if (!validFor.isPositive() || validFor.compareTo(VALID_MAX) > 0) {
            throw new IllegalArgumentException(
                    "expected a validity of at most %s, found %s".formatted(VALID_MAX, validFor));
        }
    }

    byte[] payload() {
        return JSON.writeValueAsBytes(this);
    }

    /// @param payload verified bytes
    /// @throws IllegalArgumentException if they are no consent
    static Consent of(byte[] payload) {
        try {
            Consent consent =
                    JSON.readValue(new String(payload, StandardCharsets.UTF_8), Consent.class);
            if (consent == null) { // JSON's own null
                throw new IllegalArgumentException("expected an object, found null");
            }
            return consent;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }
}
