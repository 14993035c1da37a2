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
                        .contains("# " + drill.id() + ": ", "Exit 0 means idle");
            }
        }
    }

    @Test
    void moreThanThirtyArePlayed() {
        assertThat(FaultCatalogue.drills()).hasSizeGreaterThan(30);
    }
}
