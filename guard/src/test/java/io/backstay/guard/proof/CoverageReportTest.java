package io.backstay.guard.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoverageReportTest {
    private static final HandMutants.Result KILLED =
            new HandMutants.Result(
                    new HandMutants.Mutant("a", "X.java", "f", "t", List.of("XTest")), "KILLED");
    private static final HandMutants.Result LIVES =
            new HandMutants.Result(
                    new HandMutants.Mutant("b", "X.java", "f", "t", List.of("XTest")), "SURVIVED");
    @TempDir Path folder;

    private static CoverageReport report(int killed, int lives, Map<String, String> arguments) {
        var pit = new ArrayList<PitMutants.Mutant>();
        for (int i = 0; i < killed; i++) {
            pit.add(new PitMutants.Mutant("k" + i, "C", 1, "w", "KILLED"));
        }
        for (int i = 0; i < lives; i++) {
            pit.add(new PitMutants.Mutant("s" + i, "C", 7, "w", "NO_COVERAGE"));
        }
        return new CoverageReport(pit, List.of(KILLED), arguments, List.of());
    }

    @Test
    void survivorsNeedAnArgumentAndArgumentsASurvivor() {
        assertThat(report(98, 1, Map.of("s0", "why")).faults()).isEmpty();
        assertThat(report(98, 1, Map.of()).faults())
                .containsExactly("survived without an argument: s0, line 7: w (no_coverage)");
        assertThat(report(98, 0, Map.of("s0", "why")).faults())
                .containsExactly("argued and killed, or not there any more: s0");
    }

    @Test
    void moreThanFiveInAHundredAreTooMany() {
        var arguments = Map.of("s0", "w", "s1", "w", "s2", "w", "s3", "w", "s4", "w", "s5", "w");
        assertThat(report(93, 6, arguments).faults())
                .containsExactly("6 of 100 survived: more than 5 %");
        assertThat(new CoverageReport(List.of(), List.of(), Map.of(), List.of()).faults())
                .containsExactly("no mutant by hand was run", "there is no mutant at all");
    }

    @Test
    void textHasTheFigureAndEverySurvivor() {
        var report =
                new CoverageReport(
                        report(9, 0, Map.of()).pit(),
                        List.of(KILLED, LIVES),
                        Map.of("b", "equal"),
                        List.of(
                                "seeds\t7\tfrom 1",
                                "window\t51\tACT",
                                "end\t3\tENTER done Refused"));
        assertThat(report.text())
                .contains("**10 of 11 mutants are killed (90.9 %), 1 survive, 1 of them argued.**")
                .contains("| C | 9 | 9 |\n| by hand | 1 | 2 |\n")
                .contains("| b | X.java | equal |")
                .contains("| a | X.java | XTest | killed |")
                .contains("7 seeds, from 1.\n")
                .contains("| ACT | 51 |")
                .contains("| ENTER done Refused | 3 |")
                .contains("## Why this run failed\n\n- 1 of 11 survived: more than 5 %\n");
    }

    @Test
    void keysStayWhenLinesMove() throws Exception {
        String mutation =
                "<mutation status='%s'><mutatedClass>io.backstay.guard.internal.X</mutatedClass>"
                        + "<mutatedMethod>m</mutatedMethod><lineNumber>%d</lineNumber>"
                        + "<mutator>a.b.MathMutator</mutator><indexes><index>%d</index></indexes>"
                        + "<description>d</description></mutation>";
        Path file =
                Files.writeString(
                        folder.resolve("m.xml"),
                        "<mutations>"
                                + mutation.formatted("SURVIVED", 9, 5)
                                + mutation.formatted("KILLED", 3, 7)
                                + "</mutations>");
        assertThat(PitMutants.read(file))
                .containsExactly(
                        new PitMutants.Mutant(
                                "internal.X.m Math 1", "internal.X", 3, "d", "KILLED"),
                        new PitMutants.Mutant(
                                "internal.X.m Math 2", "internal.X", 9, "d", "SURVIVED"));
    }

    @Test
    void filesAreReadStrictly() {
        assertThat(CoverageReport.arguments(List.of("# c", "", "k 1: because: so")))
                .containsExactly(Map.entry("k 1", "because: so"));
        assertThatThrownBy(() -> CoverageReport.arguments(List.of("k: a", "k: b")))
                .hasMessageContaining("once");
        assertThat(
                        HandMutants.parse(
                                List.of("mutant a b", "in X.java", "from x y", "to", "by T,U")))
                .containsExactly(
                        new HandMutants.Mutant("a b", "X.java", "x y", "", List.of("T", "U")));
        assertThatThrownBy(() -> HandMutants.parse(List.of("mutant a", "from x")))
                .hasMessageContaining("expected 'in ...'");
        assertThatThrownBy(() -> HandMutants.parse(List.of("mutant a")))
                .hasMessageContaining("cut off");
    }
}
