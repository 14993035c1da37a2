package io.backstay.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each hard case on MySQL 9.7, restored to the end of its log, or to every transaction of it with
/// `-Dbackstay.every.stop=true`; one alone with `-Dbackstay.case=NAME`.
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(3600)
class MySqlCasesIT {
    private static final boolean IS_EVERY_STOP = Boolean.getBoolean("backstay.every.stop");

    private final CaseLab lab = new CaseLab();

    @AfterAll
    void close() {
        lab.close();
    }

    static List<RecoveryCases> cases() {
        String only = System.getProperty("backstay.case", "");
        return MySqlCases.all().stream().filter(c -> c.name().contains(only)).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isRestoredAsTheSourceWas(RecoveryCases recoveryCase) throws Exception {
        CaseLab.Play play = lab.base(recoveryCase.base()).run(recoveryCase.log()).stream();
        var wrong = new ArrayList<String>();
        List<CaseLab.Stop> stops = play.stops();
        for (int i = 0; i < stops.size(); i++) {
            if (IS_EVERY_STOP || i == stops.size() - 1) {
                CaseLab.Stop stop = stops.get(i);
                play.requireLoadedAsSent(play.restore(stop), "behind " + stop.sql());
                for (String difference : play.differences(stop)) {
                    wrong.add("behind `" + stop.sql() + "`: " + difference);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
