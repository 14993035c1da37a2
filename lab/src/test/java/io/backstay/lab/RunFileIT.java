package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Disk;
import io.backstay.doors.Problem;
import io.backstay.doors.ProcessIdentity;
import io.backstay.doors.Time;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunFileIT {
    private final Lab lab = new Lab(2);

    @AfterEach
    void sweep() {
        lab.close();
    }

    @Test
    void aKilledJvmsServerIsFoundAndSweptByTheNextRun() throws Exception {
        Path run = lab.folder.resolve("killed/run.json");
        Process jvm = startServerInAChildJvm(lab.folder.resolve("killed"));
        try (BufferedReader said = jvm.inputReader()) {
            assertThat(said.readLine()).isEqualTo("started");
            assertThatThrownBy(() -> RunFile.open(run))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("another run has it open");
        } finally {
            jvm.destroyForcibly();
            assertThat(jvm.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        try (RunFile next = RunFile.open(run)) {
            assertThat(next.live()).hasSize(1);
            ProcessIdentity left = next.live().getFirst().identity().orElseThrow();
            assertThat(next.sweep()).hasSize(1);
            assertThat(left.isAlive()).isFalse();
            assertThat(next.live()).isEmpty();
        }
    }

    @Test
    void aServerStartedButNotYetNotedWithItsPidIsFoundByProgramAndDataDirectory() {
        LabServer server = lab.started(Lab.OLD, 1);
        ProcessIdentity process = server.identity();
        // as the run file is when the JVM dies right after the start
        lab.runFile.willStart(server.settings().dataDir(), server.settings().binaries().mariadbd());

        assertThat(lab.runFile.live()).hasSize(1);
        assertThat(lab.runFile.sweep()).hasSize(1);
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aPidUsedAgainByAnotherProcessIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity alive = ProcessIdentity.of(other.pid()).orElseThrow();
            lab.runFile.started(
                    lab.folder.resolve("gone"),
                    Path.of("/bin/sleep"),
                    new ProcessIdentity(Time.bootId(), alive.pid(), alive.startTicks() - 1));
            lab.runFile.started(
                    lab.folder.resolve("before-reboot"),
                    Path.of("/bin/sleep"),
                    new ProcessIdentity("another-boot", alive.pid(), alive.startTicks()));

            assertThat(lab.runFile.live()).isEmpty();
            assertThat(lab.runFile.sweep()).isEmpty();
            assertThat(alive.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aDamagedRunFileIsRefused() {
        Path file = lab.folder.resolve("damaged.json");
        Disk.writeAtomically(file, "{\"servers\":[{\"pid\":");

        assertThatThrownBy(() -> RunFile.open(file))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("cannot read the run file " + file);
    }

    private static Process startServerInAChildJvm(Path folder) throws Exception {
        return new ProcessBuilder(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dbackstay.home=" + ServerBinaries.home(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                ChildRun.class.getName(),
                                folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// A run of its own, which waits to be killed.
    static final class ChildRun {
        private ChildRun() {}

        public static void main(String[] arguments) throws InterruptedException {
            Path folder = Path.of(arguments[0]);
            RunFile runFile = RunFile.open(folder.resolve("run.json"));
            new LabServer(
                            ServerSettings.of(
                                    ServerBinaries.require(Lab.OLD, ServerBinaries.home()),
                                    folder.resolve("data"),
                                    folder.resolve("run"),
                                    "127.31.2.9",
                                    9,
                                    Accounts.random()),
                            runFile)
                    .initialise()
                    .start();
            System.out.println("started");
            Thread.sleep(Duration.ofMinutes(1));
        }
    }
}
