package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import io.backstay.doors.ProcessIdentity;
import io.backstay.doors.kernel.ChildPlan;
import io.backstay.guard.internal.HeldTarget;
import io.backstay.lab.LabServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A guard that is killed in the middle of a command leaves its locks with the command.
class PassedLocksIT {
    private GuardLab lab;

    @BeforeEach
    void open() {
        lab = new GuardLab(7);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void noServerStartsOnDataWhoseCommandOutlivedTheGuard() throws IOException {
        LabServer server = lab.started(1);
        server.stop(Duration.ofSeconds(60));
        Process guard =
                lab.start(
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Hold.class.getName(),
                                        lab.data(1).toString(),
                                        lab.folder.resolve("state").toString())
                                .redirectError(lab.folder.resolve("hold.log").toFile()));
        ProcessIdentity command = ProcessIdentity.of(pidOfCommand(guard)).orElseThrow();
        guard.destroyForcibly().onExit().join();
        try {
            assertThat(command.isAlive()).isTrue();
            assertThatThrownBy(() -> lab.server(1).start()).isInstanceOf(Problem.class);
            assertThat(Files.readString(lab.settings(1).log())).contains("nable to lock");
        } finally {
            command.signal(ProcessIdentity.Signal.KILL);
        }
        GuardLab.await("the command has ended", () -> !command.isAlive());
        assertThat(lab.server(1).start().isRunning()).isTrue();
    }

    private static long pidOfCommand(Process guard) throws IOException {
        try (var reader =
                new BufferedReader(
                        new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            assertThat(line).isNotNull().startsWith("command ");
            return Long.parseLong(line.substring("command ".length()));
        }
    }

    /// Holds a stopped data directory, as an interlock does, and runs a long command.
    static final class Hold {
        public static void main(String[] args) throws InterruptedException {
            var request =
                    new GuardRequest(
                            "wipe",
                            Target.parse("path:" + args[0]),
                            HostView.unconfigured(Path.of(args[1])));
            if (!(HeldTarget.take(Path.of(args[0]), request)
                    instanceof HeldTarget.All(HeldTarget held))) {
                throw new IllegalStateException("the data directory could not be held");
            }
            if (held.whyNotPassedOn().isPresent()) {
                throw new IllegalStateException(held.whyNotPassedOn().get());
            }
            int pid =
                    new ChildPlan(
                                    List.of("sleep", "600"),
                                    Map.of("PATH", "/usr/bin:/bin"),
                                    held.inheritable(false),
                                    ChildPlan.Streams.NONE)
                            .start()
                            .pid();
            System.out.println("command " + pid);
            System.out.flush();
            Thread.sleep(Duration.ofHours(1));
        }
    }
}
