package io.backstay.change;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON to records and back, where everything must be there, once, and of its type.
///
/// Missing, unknown, null and duplicate fields are errors. Instants and durations are ISO-8601
/// text.
public final class StrictJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .build();

    private StrictJson() {}

    /// @param what for the message, such as `fleet facts`
    /// @throws Problem if the text is not exactly such a record
    public static <T> T read(String what, String text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException e) {
            throw bad(what, e);
        }
    }

    public static <T> T read(String what, JsonNode node, Class<T> type) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw bad(what, e);
        }
    }

    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    private static Problem bad(String what, JacksonException e) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "cannot read %s: %s (%s)"
                        .formatted(
                                what,
                                String.valueOf(e.getOriginalMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
                                e.getLocation() == null
                                        ? "no place"
                                        : "line %d, column %d"
                                                .formatted(
                                                        e.getLocation().getLineNr(),
                                                        e.getLocation().getColumnNr())),
                "Every field must be there, once, with a value of its type.");
    }
}
