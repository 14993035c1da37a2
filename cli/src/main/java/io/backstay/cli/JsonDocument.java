package io.backstay.cli;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Records and maps as one JSON text. Apart from [Console], so that a verb without JSON does not
/// load Jackson.
final class JsonDocument {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS).build();

    private JsonDocument() {}

    static String write(Object document) {
        return MAPPER.writeValueAsString(document);
    }
}
