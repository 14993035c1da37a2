package io.backstay.recovery.restore;

import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// [RandomRestoreIT] on MySQL 9.7, with its seeds.
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(86_400)
class MySqlRandomIT {
    private final CaseLab lab = new CaseLab();

    @AfterAll
    void close() {
        lab.close();
    }

    static LongStream seeds() {
        return RandomRestoreIT.seeds();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isRestoredAsTheSourceWas(long seed) throws Exception {
        RandomRestoreIT.play(lab, seed, MySqlRandomIT::inItsWords);
    }

    /// A table in place of rows that came in statement format may be forbidden: it fails then.
    private static String inItsWords(String sql) {
        String words = sql.replace("k UUID", "k VARCHAR(36)");
        return words.startsWith("CREATE TABLE m") ? "-" + words : words;
    }
}
