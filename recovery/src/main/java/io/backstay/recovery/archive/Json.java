package io.backstay.recovery.archive;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.DamagedArchiveException.Damage;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The archive's JSON: unknown, missing or doubled fields are damage, a newer version is refused as
/// such.
final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private Json() {}

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// -1 if it has none.
    static int version(byte[] json, String part) {
        try {
            return MAPPER.readTree(json).path("formatVersion").asInt(-1);
        } catch (JacksonException e) {
            throw new DamagedArchiveException(new Damage(part, -1, "JSON", e.getOriginalMessage()));
        }
    }

    static <T> T read(byte[] json, Class<T> type, String part, int newestVersion) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            int version = tree.path("formatVersion").asInt(-1);
            if (version > newestVersion) {
                throw new Problem(
                        ErrorCode.UNSUPPORTED,
                        part
                                + ": format version "
                                + version
                                + " is newer than "
                                + newestVersion
                                + ", the newest this program reads",
                        "use the version of backstay that wrote it, or a newer one.");
            }
            return MAPPER.treeToValue(tree, type);
        } catch (JacksonException e) {
            var where = e.getLocation();
            throw new DamagedArchiveException(
                    new Damage(
                            part,
                            where == null ? -1 : where.getByteOffset(),
                            type.getSimpleName() + " as JSON",
                            e.getOriginalMessage()));
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
