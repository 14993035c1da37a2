package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Consents as people make and use them, on a real folder. Runs as root: the guard does.
class GuardConsentCommandTest {
    @TempDir Path folder;
    private Path data;
    private Path state;
    private Path consent;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void folders() throws IOException {
        folder = folder.toRealPath();
        data = Files.createDirectories(folder.resolve("host/data"));
        state = folder.resolve("state");
        consent = folder.resolve("db1.consent");
        Path spent = Files.createDirectory(folder.resolve("spent"));
        Files.setPosixFilePermissions(spent, PosixFilePermissions.fromString("rwx------"));
    }

    private int run(String... args) {
        out.reset();
        return new CommandLineRun(
                        List.of(GuardCommand.class),
                        new PrintStream(out),
                        new PrintStream(new ByteArrayOutputStream()))
                .run(
                        Stream.concat(
                                        Stream.of("--output", "json", "guard", "consent"),
                                        Stream.of(args))
                                .toArray(String[]::new));
    }

    private int issue() {
        return run(
                "issue",
                "--operation",
                "wipe",
                "--target",
                "path:" + data,
                "--state",
                state.toString(),
                "--out",
                consent.toString());
    }

    private int verify(String target) throws IOException {
        Path key = folder.resolve("db1.pub");
        if (Files.notExists(key)) {
            Files.copy(state.resolve("keys/guard.pub"), key);
        }
        return run(
                "verify",
                consent.toString(),
                "--key",
                key.toString(),
                "--spent",
                folder.resolve("spent").toString(),
                "--operation",
                "wipe",
                "--target",
                target,
                "--uuid",
                "unknown");
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
    }

    private String chain() throws IOException {
        return Files.readString(state.resolve("ledger/guard.jsonl"));
    }

    @Test
    void clearedHostConsentsAndTheConsentIsUsedOnce() throws IOException {
        assertThat(issue()).as(() -> out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(json().path("verdict").asString()).isEqualTo("consented");
        assertThat(chain()).contains("guard.consent.issued", json().path("nonce").asString());

        assertThat(verify("path:" + data + "2")).isEqualTo(3);
        assertThat(verify("path:" + data)).isZero();
        assertThat(json().path("verdict").asString()).isEqualTo("given");
        assertThat(verify("path:" + data)).isEqualTo(3);
        assertThat(json().path("reason").asString()).contains("used before");
    }

    @Test
    void hostWithDataDoesNotConsent() throws IOException {
        Files.writeString(data.resolve("precious"), "x");
        assertThat(issue()).isEqualTo(3);
        assertThat(json().path("verdict").asString()).isEqualTo("refused");
        assertThat(consent).doesNotExist();
        assertThat(chain()).contains("guard.consent.refused").doesNotContain("consent.issued");
    }

    @Test
    void consentIsNeverWrittenOverAnotherFile() throws IOException {
        Files.writeString(consent, "mine");
        assertThat(issue()).isEqualTo(2);
        assertThat(consent).hasContent("mine");
    }

    @Test
    void hostWithARunInDoubtDoesNotConsent() throws IOException {
        assertThat(
                        new CommandLineRun(
                                        List.of(GuardCommand.class),
                                        new PrintStream(out),
                                        new PrintStream(new ByteArrayOutputStream()))
                                .run(
                                        "guard",
                                        "exec",
                                        "--state",
                                        state.toString(),
                                        "--operation",
                                        "wipe",
                                        "--target",
                                        "path:" + data,
                                        "--",
                                        "true",
                                        "{target}"))
                .isZero();
        // cut off between intent and outcome: the last line never came
        List<String> lines = chain().lines().toList();
        Files.writeString(
                state.resolve("ledger/guard.jsonl"), String.join("\n", lines.subList(0, 2)) + "\n");
        assertThat(issue()).isEqualTo(5);
        assertThat(consent).doesNotExist();
    }
}
