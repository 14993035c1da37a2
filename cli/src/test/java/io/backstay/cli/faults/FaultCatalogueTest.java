package io.backstay.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultCatalogueTest {
    private static Stream<String> between(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj("D-%02d"::formatted);
    }

    @Test
    void everyFaultOfTheCatalogueIsPlayedOrSaidNotToBe() {
        List<String> all =
                Stream.of(between(1, 23), between(30, 41), between(50, 62), between(70, 79))
                        .flatMap(ids -> ids)
                        .toList();
        assertThat(FaultCatalogue.ids()).containsExactlyElementsOf(all);
    }

    @Test
    void everyDrillHasAScriptThatNamesIt() throws IOException {
        for (FaultDrill drill : FaultCatalogue.drills()) {
            try (var stream = FaultDrill.class.getResourceAsStream(drill.id() + ".sh")) {
                assertThat(stream).as(drill.id()).isNotNull();
                assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("#!/usr/bin/env ")
                        .contains("# " + drill.id() + ": ", "Exit 0 means idle, 10 active");
            }
        }
    }

    @Test
    void moreThanFortyArePlayed() {
        assertThat(FaultCatalogue.drills()).hasSizeGreaterThan(40);
    }

    @Test
    void drillWithoutAFaultInTheWorldHasItInItsScript() {
        for (FaultDrill drill : FaultCatalogue.drills()) {
            NaiveScript script = NaiveScript.of(drill.id());
            boolean isInScript = drill.situation().equals(LogicFaults.NO_CHANGE);
            assertThat(!script.mended().text().equals(script.text()))
                    .as(drill.id())
                    .isEqualTo(isInScript);
        }
    }

    @Test
    void mendedScriptHasTheRightLineInPlaceOfTheWrongOne() {
        var script = new NaiveScript("D-00", "a\n#mended:   right\n  wrong #mistake\nb\n");
        assertThat(script.mended().text()).isEqualTo("a\n  right\nb\n");
    }

    @Test
    void eachThatIsNotRunSaysWhy() {
        assertThat(FaultCatalogue.notRun(FaultCatalogue.ids(), "needs root"))
                .hasSameSizeAs(FaultCatalogue.ids())
                .allSatisfy(
                        result -> {
                            assertThat(result.outcome()).isEqualTo("not run");
                            assertThat(result.guard()).isNotBlank();
                        });
    }
}
