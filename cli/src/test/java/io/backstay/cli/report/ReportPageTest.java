package io.backstay.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.cli.report.ReportModel.Act;
import io.backstay.cli.report.ReportModel.Claim;
import io.backstay.cli.report.ReportModel.Restores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final String HOSTILE = "</script><script>alert(1)</script>";

    private static final String PAGE =
            ReportPage.render(
                    new ReportModel(
                            HOSTILE,
                            AT,
                            AT.plusSeconds(187),
                            HOSTILE,
                            List.of(),
                            List.of(),
                            List.of(new Claim("a", HOSTILE, "1", "row", Outcome.PASSED)),
                            List.of(new Act(1, HOSTILE, AT, AT, Outcome.PASSED, List.of())),
                            List.of(),
                            List.of(),
                            List.of(),
                            Restores.NONE,
                            null,
                            List.of(),
                            List.of(),
                            null,
                            List.of()));

    @Test
    void textIsEscapedInTheMarkupAndInTheData() {
        assertThat(PAGE).doesNotContain("alert(1)</script>");
        assertThat(PAGE).contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        assertThat(PAGE).doesNotContainPattern("(src|href)=\"(?!#|data:)");
        assertThat(PAGE).contains("default-src 'none'");
    }

    @Test
    void durationsAreWrittenForPeople() {
        assertThat(Wording.duration(Duration.ofMillis(85))).isEqualTo("85 ms");
        assertThat(Wording.duration(Duration.ofMillis(4299))).isEqualTo("4.2 s");
        assertThat(Wording.duration(Duration.ofSeconds(187))).isEqualTo("3 min 07 s");
    }

    @Test
    void failuresComeFirstInTheTally() {
        assertThat(Wording.tally(List.of(Outcome.PASSED, Outcome.FAILED, Outcome.PASSED)))
                .isEqualTo("1 failed, 2 passed");
        assertThat(Wording.tally(List.of())).isEqualTo("no claim was tried");
    }
}
