package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Commands;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks that do not answer: the verdict comes, is blind, and the program ends, while its look is
/// still stuck. Runs as root.
class HungDiskTest {
    @TempDir Path folder;
    private final Deque<AutoCloseable> undo = new ArrayDeque<>();
    private Path disk;

    @BeforeEach
    void folders() throws IOException {
        folder = folder.toRealPath();
        disk = Files.createDirectory(folder.resolve("disk"));
        Files.createDirectory(folder.resolve("state"));
    }

    @AfterEach
    void heal() throws Exception {
        while (!undo.isEmpty()) {
            undo.pop().close();
        }
    }

    private static Commands.Result run(String... command) {
        return Commands.run(List.of(command), null, Duration.ofSeconds(60));
    }

    private static void require(String... command) {
        Commands.Result result = run(command);
        assertThat(result.exit()).as("%s: %s", List.of(command), result.err()).isZero();
    }

    /// @return its exit code; the process has ended
    private int guard(Path state, Path target, String verb, String... command) throws Exception {
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
                                verb,
                                "--budget",
                                "PT4S",
                                "--state",
                                state.toString(),
                                "--operation",
                                "wipe",
                                "--target",
                                "path:" + target));
        words.addAll(List.of(command));
        Process guard =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        undo.push(() -> guard.destroyForcibly());
        assertThat(guard.waitFor(120, TimeUnit.SECONDS)).as("it has ended").isTrue();
        return guard.exitValue();
    }

    private void assertBlindAtTheDeadline() throws IOException {
        assertThat(folder.resolve("said")).content().contains("blind", "gave no answer within");
    }

    /// A thread that writes to it waits in the kernel and cannot be killed.
    private void freeze() throws IOException {
        Path image = folder.resolve("image");
        try (var bytes = new RandomAccessFile(image.toFile(), "rw")) {
            bytes.setLength(16 << 20);
        }
        require("mkfs.ext4", "-q", "-F", image.toString());
        Commands.Result mounted = run("mount", "-o", "loop", image.toString(), disk.toString());
        Assumptions.assumeTrue(mounted.exit() == 0, "not run: no loop mount: " + mounted.err());
        undo.push(this::unmount);
        Files.createDirectories(disk.resolve("state"));
        Files.createDirectories(disk.resolve("data"));
        Commands.Result frozen = run("fsfreeze", "-f", disk.toString());
        Assumptions.assumeTrue(frozen.exit() == 0, "not run: no freezing: " + frozen.err());
        undo.push(() -> require("fsfreeze", "-u", disk.toString()));
    }

    /// The look that was stuck ends a moment after the thaw.
    private void unmount() throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (run("umount", disk.toString()).exit() != 0) {
            assertThat(System.nanoTime()).as("it can be unmounted").isLessThan(until);
            Thread.sleep(50);
        }
    }

    @Test
    void frozenDiskIsBlindAndTheGuardEnds() throws Exception {
        freeze();
        assertThat(guard(disk.resolve("state"), disk.resolve("data"), "check")).isEqualTo(3);
        assertBlindAtTheDeadline();
    }

    /// A file system whose program never answers.
    @Test
    void silentFileSystemIsBlindAndTheGuardEnds() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/fuse")), "not run: no /dev/fuse");
        Process program =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "exec 7<>/dev/fuse; mount -i -t fuse -o"
                                        + " fd=7,rootmode=40000,user_id=0,group_id=0 silent \"$0\""
                                        + " || exit 1; echo; read _",
                                disk.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        undo.push(
                () -> {
                    program.destroyForcibly().onExit().join();
                    run("umount", "-l", disk.toString());
                });
        Assumptions.assumeTrue(
                program.getInputStream().read() == '\n', "not run: FUSE cannot be mounted");
        Path state = folder.resolve("state");
        assertThat(guard(state, disk.resolve("data"), "check")).isEqualTo(3);
        assertBlindAtTheDeadline();
        assertThat(
                        guard(
                                state,
                                disk.resolve("data"),
                                "exec",
                                "--",
                                "touch",
                                folder.resolve("done").toString(),
                                "{target}"))
                .isEqualTo(3);
        assertThat(folder.resolve("done")).doesNotExist();
    }
}
