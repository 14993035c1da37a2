package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
    @Test
    void distanceCountsInsertionsDeletionsAndReplacements() {
        assertThat(NearestNames.distance("restore", "restore")).isZero();
        assertThat(NearestNames.distance("restor", "restore")).isEqualTo(1);
        assertThat(NearestNames.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestNames.distance("", "abc")).isEqualTo(3);
    }

    @Test
    void theNearestComesFirstAndStrangersNever() {
        assertThat(NearestNames.to("restor", List.of("drill", "store", "restore")))
                .containsExactly("restore", "store");
        assertThat(NearestNames.to("xyz", List.of("drill", "restore"))).isEmpty();
    }
}
