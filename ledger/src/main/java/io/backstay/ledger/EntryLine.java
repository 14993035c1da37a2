package io.backstay.ledger;

import io.backstay.doors.Disk;
import io.backstay.ledger.seal.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One line of a chain: a JSON object in UTF-8, then one line feed. Every byte before the line feed
/// is covered by the hash, the signature or a fixed text.
///
/// ```
/// {"seq":7,"prev":"P","time":"T","mono":M,"actor":"A","host":"H","type":"Y","change":C,"body":{...}
/// ,"hash":"H","key":"K","sig":"S"}
/// ```
///
/// (on one line). The *content* is everything before the *trailer*, which is the last 237 bytes.
///
/// | Part | Bytes | Is |
/// | --- | --- | --- |
/// | content | at least 2 | the fields above in this order; `change` is a text or `null`; no byte 0x0A |
/// | `,"hash":"` | 9 | fixed |
/// | H | 64 | SHA-256 over the raw bytes of the content, lower-case hexadecimal |
/// | `","key":"` | 9 | fixed |
/// | K | 16 | id of the signing key |
/// | `","sig":"` | 9 | fixed |
/// | S | 128 | Ed25519 over `backstay-ledger-v1 WRITER SEQ H`, lower-case hexadecimal |
/// | `"}` | 2 | fixed |
///
/// `prev` is H of the line before, 64 zeros on the first line. `time` is ISO-8601 in UTC, `mono` is
/// milliseconds since boot. A line has at most 1 MiB.
final class EntryLine {
    static final int BYTES_MAX = 1 << 20;
    private static final int TRAILER_BYTES = 9 + 64 + 9 + 16 + 9 + 128 + 2;
    private static final Pattern TRAILER =
            Pattern.compile(
                    ",\"hash\":\"([0-9a-f]{64})\",\"key\":\"([0-9a-f]{16})\",\"sig\":\"([0-9a-f]{128})\"}");
    static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    private EntryLine() {}

    /// What stands on a line, or why it is none.
    sealed interface Reading {

        record Good(LedgerEntry entry) implements Reading {}

        record Bad(String why) implements Reading {}
    }

    /// The bytes of a new line, line feed included, with the head it makes.
    @SuppressWarnings("ArrayRecordComponent") // never compared, handed over once
    record Written(byte[] bytes, LedgerEntry entry) {}

    static Written write(
            String writer,
            SigningKey key,
            long seq,
            String prev,
            Instant time,
            long monoMillis,
            String actor,
            String host,
            String type,
            @Nullable String change,
            ObjectNode body) {
        ObjectNode node = JSON.createObjectNode();
        node.put("seq", seq);
        node.put("prev", prev);
        node.put("time", time.toString());
        node.put("mono", monoMillis);
        node.put("actor", actor);
        node.put("host", host);
        node.put("type", type);
        node.put("change", change);
        node.set("body", body);
        String object = JSON.writeValueAsString(node);
        String content = object.substring(0, object.length() - 1);
        String hash = Disk.sha256(content.getBytes(StandardCharsets.UTF_8));
        LedgerHead head = LedgerHead.sign(writer, seq, hash, key);
        String line =
                "%s,\"hash\":\"%s\",\"key\":\"%s\",\"sig\":\"%s\"}\n"
                        .formatted(content, hash, head.keyId(), head.signature());
        return new Written(
                line.getBytes(StandardCharsets.UTF_8),
                new LedgerEntry(
                        seq,
                        prev,
                        time,
                        monoMillis,
                        actor,
                        host,
                        type,
                        change,
                        body.deepCopy(),
                        head));
    }

    /// Reads a line without its line feed, and checks its hash. Signature and chain are for the
    /// caller.
    static Reading read(String writer, byte[] line) {
        if (line.length < TRAILER_BYTES + 2 || line.length >= BYTES_MAX) {
            return new Reading.Bad(
                    "expected %d to %d bytes, found %d"
                            .formatted(TRAILER_BYTES + 2, BYTES_MAX, line.length));
        }
        int contentBytes = line.length - TRAILER_BYTES;
        Matcher trailer =
                TRAILER.matcher(
                        new String(line, contentBytes, TRAILER_BYTES, StandardCharsets.ISO_8859_1));
        if (!trailer.matches()) {
            return new Reading.Bad("the line does not end in hash, key and signature");
        }
        byte[] content = Arrays.copyOf(line, contentBytes);
        String hash = trailer.group(1);
        String found = Disk.sha256(content);
        if (!found.equals(hash)) {
            return new Reading.Bad(
                    "its bytes hash to %s…, it says %s…"
                            .formatted(found.substring(0, 12), hash.substring(0, 12)));
        }
        try {
            JsonNode node = JSON.readTree(new String(content, StandardCharsets.UTF_8) + "}");
            JsonNode change = node.required("change");
            long seq = node.required("seq").longValue();
            return new Reading.Good(
                    new LedgerEntry(
                            seq,
                            node.required("prev").stringValue(),
                            Instant.parse(node.required("time").stringValue()),
                            node.required("mono").longValue(),
                            node.required("actor").stringValue(),
                            node.required("host").stringValue(),
                            node.required("type").stringValue(),
                            change.isNull() ? null : change.stringValue(),
                            node.required("body").asObject(),
                            new LedgerHead(writer, seq, hash, trailer.group(2), trailer.group(3))));
        } catch (JacksonException | DateTimeParseException e) {
            return new Reading.Bad("not an entry: " + e.getClass().getSimpleName());
        }
    }
}
