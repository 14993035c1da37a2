package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `guard exec` as a process of its own, told to end and killed. Runs as root: the guard does.
class GuardExecProcessTest {
    private static final String WAITS =
            "trap 'exit 42' TERM; echo $$ > \"$1/pid.tmp\"; mv \"$1/pid.tmp\" \"$2\";"
                    + " while :; do sleep 0.1; done";

    @TempDir Path folder;
    private final List<Process> started = new ArrayList<>();
    private Path data;
    private Path pid;

    @BeforeEach
    void folders() throws IOException {
        folder = folder.toRealPath();
        data = Files.createDirectories(folder.resolve("host/data"));
        pid = folder.resolve("pid");
    }

    @AfterEach
    void end() throws IOException {
        if (Files.exists(pid)) {
            command().ifPresent(process -> process.signal(ProcessIdentity.Signal.KILL));
        }
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    private Process exec(String... command) throws IOException {
        var words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.backstay.cli.Main",
                                "guard",
                                "exec",
                                "--state",
                                folder.resolve("state").toString(),
                                "--operation",
                                "wipe",
                                "--target",
                                "path:" + data,
                                "--"));
        words.addAll(List.of(command));
        Process process =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        started.add(process);
        return process;
    }

    private java.util.Optional<ProcessIdentity> command() throws IOException {
        return ProcessIdentity.of(Long.parseLong(Files.readString(pid).strip()));
    }

    private static void await(BooleanSupplier isTrue) {
        long until = System.nanoTime() + 120_000_000_000L;
        while (!isTrue.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.onSpinWait();
        }
    }

    private String chain() throws IOException {
        return Files.readString(folder.resolve("state/ledger/guard.jsonl"));
    }

    @Test
    void toldToEndItTellsTheCommandAndWritesItsEndDown() throws Exception {
        Process guard = exec("sh", "-c", WAITS, "sh", "{target}", pid.toString());
        await(() -> Files.exists(pid));
        guard.destroy();
        assertThat(guard.waitFor()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("said")))
                .contains("FAILED  the command ended with 42  interlock: full");
        assertThat(chain()).contains("guard.exec.outcome");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void killedItLeavesTheCommandWithWhatWasHeldAndTheNextRunInDoubt() throws Exception {
        Process guard = exec("sh", "-c", WAITS, "sh", "{target}", pid.toString());
        await(() -> Files.exists(pid));
        guard.destroyForcibly().onExit().join();

        ProcessIdentity command = command().orElseThrow();
        Path held = Files.readSymbolicLink(Path.of("/proc/" + command.pid() + "/fd/300"));
        assertThat(held.getFileName().toString()).startsWith(".backstay-");
        assertThat(chain()).contains("\"interlock\":\"full\"").doesNotContain("exec.outcome");
        assertThat(exec("true", "{target}").waitFor()).isEqualTo(5);
        assertThat(Files.readString(folder.resolve("said"))).contains(held.toString());
        assertThat(command.isAlive()).isTrue();
    }

    @Test
    void commandThatClosesWhatItInheritedIsWindowed() throws Exception {
        Process guard = exec("bash", "-c", "exec 300>&-; sleep 2", "bash", "{target}");
        assertThat(guard.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("said")))
                .contains("interlock: windowed (the command closed what it had inherited)");
    }
}
