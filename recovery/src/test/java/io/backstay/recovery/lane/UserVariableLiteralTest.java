package io.backstay.recovery.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class UserVariableLiteralTest {
    @Test
    void decimalsComeBackWithTheirSignAndScale() {
        assertThat(decimal("0402" + "8C22")).isEqualTo("12.34");
        assertThat(decimal("0402" + "73DD")).isEqualTo("-12.34");
        // the example of the server's own source: 1234567890.1234, precision 14, scale 4
        assertThat(decimal("0E04" + "810DFB38D204D2")).isEqualTo("1234567890.1234");
        assertThat(decimal("0E04" + "7EF204C72DFB2D")).isEqualTo("-1234567890.1234");
        assertThat(decimal("0202" + "B2")).isEqualTo("0.50");
    }

    @Test
    void theSmallestIntegerIsNotANegatedLiteral() {
        byte[] smallest = {0, 0, 0, 0, 0, 0, 0, (byte) 0x80};
        assertThat(UserVariableLiteral.of(2, smallest, false))
                .isEqualTo("CAST('-9223372036854775808' AS SIGNED)");
        assertThat(UserVariableLiteral.of(2, smallest, true))
                .isEqualTo("CAST(9223372036854775808 AS UNSIGNED)");
    }

    private static String decimal(String hex) {
        return UserVariableLiteral.of(4, HexFormat.of().parseHex(hex), false);
    }
}
