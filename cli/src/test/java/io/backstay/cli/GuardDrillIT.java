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
import org.junit.jupiter.api.Assumptions;
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

    private JsonNode said() {
        return JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
    }

    private static void requireRoot() throws IOException {
        Assumptions.assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "not run: drills need root");
    }

    @Test
    void scriptsAreFooledAndTheGuardIsNot() throws IOException {
        requireRoot();
        int exit = drill("--id", "D-01,D-03,D-07,D-18,D-31,D-32,D-56,D-57,D-59");
        assertThat(said().path("drills"))
                .hasSize(9)
                .allSatisfy(
                        drill -> {
                            assertThat(drill.path("outcome").asString())
                                    .as(drill.toString())
                                    .isEqualTo("passed");
                            assertThat(drill.path("control").asString()).isEqualTo("active");
                        });
        assertThat(said().path("leftBehind")).isEmpty();
        assertThat(exit).isZero();
    }

    @Test
    void drillThatIsNotRunSaysWhyAndIsNoSuccess() {
        assertThat(drill("--id", "D-79")).isEqualTo(4);
        assertThat(said().path("counts").path("not run").asInt()).isEqualTo(1);
        assertThat(said().path("drills").path(0).path("guard").asString()).contains("no racks");
    }

    @Test
    void unknownDrillIsAUsageError() {
        assertThat(drill("--id", "D-99")).isEqualTo(2);
    }
}
