package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theGrantsOfATaskAreAStatementWithItsReasons() {
        assertThat(run("doctor", "--grants", "stream", "--account", "'s'@'10.%'")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .endsWith("a replica gets it\nGRANT REPLICATION SLAVE ON *.* TO 's'@'10.%';\n");
    }

    @Test
    void anUnknownTaskIsRefusedWithThoseThereAre() {
        assertThat(run("doctor", "--grants", "stir")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("expected one of backup, stream, restore-data, restore, found 'stir'");
    }

    private int run(String... args) {
        return new CommandLineRun(
                        List.of(DoctorCommand.class), new PrintStream(out), new PrintStream(err))
                .run(args);
    }
}
