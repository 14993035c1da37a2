package io.backstay.ledger.seal;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Bytes with the signatures that are on them: a DSSE envelope.
///
/// As JSON: `{"payloadType":TYPE,"payload":BASE64,"signatures":[{"keyid":ID,"sig":BASE64}]}`.
/// Signed is the pre-authentication encoding `DSSEv1 SP LEN(type) SP type SP LEN(payload) SP
/// payload`, lengths in decimal bytes, by Ed25519.
///
/// - The payload can be had only from [#verify].
/// - Limits: 4 MiB of text, 1 to 16 signatures. Unknown and duplicate fields are errors.
///
/// Source: Dead Simple Signing Envelope, protocol and envelope specifications, v1.
public final class Envelope {
    private static final int TEXT_CHARS_MAX = 4 << 20;
    private static final int SIGNATURES_MAX = 16;
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(8)
                                                    .maxDocumentLength(TEXT_CHARS_MAX)
                                                    .build())
                                    .build())
                    .build();

    private final String payloadType;
    private final byte[] payload;
    private final List<SignatureLine> signatures;

    private Envelope(String payloadType, byte[] payload, List<SignatureLine> signatures) {
        this.payloadType = payloadType;
        this.payload = payload;
        this.signatures = signatures;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, handed over once
    private record SignatureLine(String keyId, byte[] signature) {}

    /// What came of looking at the signatures.
    public sealed interface Verification {

        /// @param payload exactly the bytes that were signed
        /// @param owners distinct owners of the keys that signed, at least the threshold
        @SuppressWarnings("ArrayRecordComponent") // never compared, handed over once
        record Verified(byte[] payload, Set<String> owners) implements Verification {}

        record Rejected(String reason) implements Verification {}
    }

    /// Signs the payload with each of the keys.
    public static Envelope sign(String payloadType, byte[] payload, List<SigningKey> keys) {
        if (keys.isEmpty() || keys.size() > SIGNATURES_MAX) {
            throw new IllegalArgumentException("1 to 16 keys sign, not " + keys.size());
        }
        byte[] message = preAuthenticationEncoding(payloadType, payload);
        return new Envelope(
                payloadType,
                payload.clone(),
                keys.stream().map(key -> new SignatureLine(key.id(), key.sign(message))).toList());
    }

    /// Reads an envelope without believing it.
    ///
    /// @throws Problem if it is no envelope
    public static Envelope parse(String text) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw damaged(
                    "expected at most %d characters, found %d"
                            .formatted(TEXT_CHARS_MAX, text.length()));
        }
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException e) {
            throw damaged("expected one JSON object: " + e.getOriginalMessage());
        }
        requireFields(root, "envelope", Set.of("payloadType", "payload", "signatures"));
        JsonNode lines = root.get("signatures");
        if (!lines.isArray() || lines.isEmpty() || lines.size() > SIGNATURES_MAX) {
            throw damaged(
                    "expected 1 to %d signatures, found %d"
                            .formatted(SIGNATURES_MAX, lines.size()));
        }
        List<SignatureLine> signatures = new ArrayList<>();
        for (JsonNode line : lines) {
            requireFields(line, "signature", Set.of("keyid", "sig"));
            signatures.add(new SignatureLine(text(line, "keyid"), bytes(line, "sig")));
        }
        return new Envelope(
                text(root, "payloadType"), bytes(root, "payload"), List.copyOf(signatures));
    }

    /// One line of JSON, the same for the same envelope.
    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("payloadType", payloadType);
        root.put("payload", Base64.getEncoder().encodeToString(payload));
        var lines = root.putArray("signatures");
        for (SignatureLine line : signatures) {
            lines.addObject()
                    .put("keyid", line.keyId())
                    .put("sig", Base64.getEncoder().encodeToString(line.signature()));
        }
        return root.toString();
    }

    public String payloadType() {
        return payloadType;
    }

    /// Verified only if as many different owners as the threshold signed exactly this payload as
    /// this type.
    ///
    /// A signature by a key that is not trusted counts nothing; a wrong one by a trusted key
    /// rejects the whole.
    ///
    /// @param threshold at least 1
    public Verification verify(TrustedKeys trusted, String expectedType, int threshold) {
        if (threshold < 1) {
            throw new IllegalArgumentException("a threshold below 1 would need no signature");
        }
        if (!payloadType.equals(expectedType)) {
            return rejected(
                    "expected the payload type %s, found %s".formatted(expectedType, payloadType));
        }
        byte[] message = preAuthenticationEncoding(payloadType, payload);
        Map<String, String> ownerByKey = new LinkedHashMap<>();
        for (SignatureLine line : signatures) {
            var key = trusted.find(line.keyId());
            if (key.isEmpty()) {
                continue;
            }
            if (!key.get().key().hasSigned(message, line.signature())) {
                return rejected(
                        "wrong signature by key %s of %s"
                                .formatted(line.keyId(), key.get().owner()));
            }
            ownerByKey.put(line.keyId(), key.get().owner());
        }
        Set<String> owners = ownerByKey.values().stream().collect(Collectors.toUnmodifiableSet());
        if (owners.size() < threshold) {
            return rejected(
                    "expected signatures by %d trusted owners, found %d (keys %s)"
                            .formatted(
                                    threshold,
                                    owners.size(),
                                    signatures.stream().map(SignatureLine::keyId).toList()));
        }
        return new Verification.Verified(payload.clone(), owners);
    }

    /// Says nothing of the payload, which has not been verified.
    @Override
    public String toString() {
        return "Envelope[" + payloadType + ", " + payload.length + " bytes]";
    }

    private static Verification rejected(String reason) {
        return new Verification.Rejected(reason);
    }

    private static byte[] preAuthenticationEncoding(String type, byte[] payload) {
        byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream(payload.length + 64);
        out.writeBytes(("DSSEv1 " + typeBytes.length + " ").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(typeBytes);
        out.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(payload);
        return out.toByteArray();
    }

    private static void requireFields(JsonNode node, String what, Set<String> expected) {
        Set<String> found = node.isObject() ? Set.copyOf(node.propertyNames()) : Set.of();
        if (!found.equals(expected)) {
            throw damaged(
                    "expected the %s fields %s, found %s"
                            .formatted(what, sorted(expected), sorted(found)));
        }
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (!value.isString()) {
            throw damaged("expected text in %s".formatted(field));
        }
        return value.stringValue();
    }

    /// Standard base64, and only in its one canonical spelling.
    private static byte[] bytes(JsonNode node, String field) {
        String text = text(node, field);
        try {
            byte[] decoded = Base64.getDecoder().decode(text);
            byte[] again = Base64.getEncoder().encode(decoded);
            if (Arrays.equals(again, text.getBytes(StandardCharsets.UTF_8))) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            throw damaged("expected base64 in %s: %s".formatted(field, e.getMessage()));
        }
        throw damaged("expected canonical base64 in %s".formatted(field));
    }

    private static Problem damaged(String what) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "cannot read a signed envelope: " + what,
                "The file is damaged or was made by something else; get it again from who signed it.");
    }
}
