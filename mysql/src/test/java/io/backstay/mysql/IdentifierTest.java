package io.backstay.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IdentifierTest {

    @Test
    void backticksAreDoubled() {
        assertThat(Identifier.quote(new TableName("a`b", "c.d"))).isEqualTo("`a``b`.`c.d`");
    }

    @Test
    void emptyNameIsRefused() {
        assertThatThrownBy(() -> Identifier.quote("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textCannotEndItsLiteral() {
        assertThat(Identifier.text("'\\")).isEqualTo("_utf8mb4 X'275c'");
    }
}
