package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Some drills of each kind, as people play them. Runs as root: the guard does.
class GuardDrillIT {
    private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// A short name: the guard's controls hold sockets, whose paths are limited.
    @BeforeEach
    void folder() throws IOException {
        folder = Files.createTempDirectory("gd");
    }

    @AfterEach
    void gone() throws IOException {
        Files.delete(folder);
    }

    private int drill(String... words) {
        var all = new ArrayList<>(List.of("--output", "json", "guard", "drill", "--dir"));
        all.add(folder.toString());
        all.addAll(List.of(words));
        return new CommandLineRun(
                        List.of(GuardCommand.class),
                        new PrintStream(out),
                        new PrintStream(new ByteArrayOutputStream()))
                .run(all.toArray(String[]::new));
    }

    @Test
    void scriptsAreFooledAndTheGuardIsNot() {
        int exit = drill("--id", "D-01,D-07,D-18,D-31,D-32,D-56,D-57,D-59,D-73");
        JsonNode said = JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(said.path("drills"))
                .allSatisfy(
                        drill ->
                                assertThat(drill.path("outcome").asString())
                                        .as(drill.toString())
                                        .isIn("passed", "not written"));
        assertThat(said.path("counts").path("passed").asInt()).isEqualTo(8);
        assertThat(said.path("counts").path("not written").asInt()).isEqualTo(1);
        assertThat(exit).isZero();
    }

    @Test
    void unknownDrillIsAUsageError() {
        assertThat(drill("--id", "D-99")).isEqualTo(2);
    }
}
