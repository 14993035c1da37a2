package io.backstay.recovery.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.recovery.rows.JsonTypes.Fix;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTypesTest {
    private static final String DOCUMENT =
            "{\"a\": [1.10, {\"b\": \"2024-01-01\"}], \"c \\\"k\": \"base64:type15:AQI=\", \"d\": 1.10}";

    @Test
    void valuesAreFoundByTheirNumbers() {
        assertThat(JsonTypes.fixes(DOCUMENT, "m2:BLOB,m4:DATE,a1:DECIMAL"))
                .containsExactly(
                        new Fix("$.\"a\"[0]", "D2", "1.10"),
                        new Fix("$.\"a\"[1].\"b\"", "DATE", "2024-01-01"),
                        new Fix("$.\"c \\\"k\"", "B15", "AQI="));
    }

    @Test
    void aDocumentMayBeOneItself() {
        assertThat(JsonTypes.fixes("-5", "r:DECIMAL")).containsExactly(new Fix("$", "D0", "-5"));
        assertThat(JsonTypes.fixes(DOCUMENT, "")).isEmpty();
    }

    @Test
    void whatNoStatementMakesIsNamed() {
        assertThatThrownBy(() -> JsonTypes.fixes("[\"base64:type16:BQ==\"]", "a1:BIT"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("BIT");
        assertThatThrownBy(() -> JsonTypes.fixes("[\"base64:type249:BQ==\"]", "a1:BLOB"))
                .hasMessage("BLOB 249");
    }

    @Test
    void theFunctionTakesListsOfThree() {
        assertThat(JsonTypes.json(List.of(List.of(new Fix("$", "TIME", "10:00:00")), List.of())))
                .isEqualTo("[[[\"$\",\"TIME\",\"10:00:00\"]],[]]");
    }
}
