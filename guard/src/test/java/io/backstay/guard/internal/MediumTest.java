package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediumTest {
    @TempDir Path folder;

    @Test
    void timeThatDoesNotSufficeIsNoProofOfZeroes() throws Exception {
        Path file = Files.write(folder.resolve("disk"), new byte[3 << 20]);
        try (Medium medium = Medium.open(file)) {
            assertThat(medium.firstNonZero(0, 3 << 20, Long.MAX_VALUE)).isEqualTo(-1);
            assertThatThrownBy(() -> medium.firstNonZero(0, 3 << 20, System.nanoTime() - 1))
                    .isInstanceOf(CannotLookException.class)
                    .hasMessage("0 of 3 MiB of %s were read in the time given".formatted(file));
        }
    }

    @Test
    void mediumThatEndsBeforeItsSizeIsNoProofOfZeroes() throws Exception {
        Path file = Files.write(folder.resolve("disk"), new byte[1000]);
        try (Medium medium = Medium.open(file, 2000)) {
            assertThatThrownBy(() -> medium.firstNonZero(0, 2000, Long.MAX_VALUE))
                    .isInstanceOf(CannotLookException.class)
                    .hasMessageContaining("it ends at byte 1000");
        }
    }
}
