package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A guard that cries wolf gets bypassed: what is truly empty is cleared, each time, while other
/// processes come and go. Runs as root.
class NoFalseRefusalsTest {
    private static final int TIMES = Integer.getInteger("backstay.times", 2);
    private final Deque<AutoCloseable> undo = new ArrayDeque<>();
    private Path folder;
    private Path data;

    @BeforeEach
    void busyMachine() throws IOException {
        folder = Files.createTempDirectory("empty").toRealPath();
        undo.push(() -> Disk.deleteTree(folder));
        Files.createDirectory(folder.resolve("state"));
        data = Files.createDirectory(folder.resolve("data"));
        var stop = new AtomicBoolean();
        Path beside = Files.createDirectory(folder.resolve("beside"));
        Thread churn = Thread.ofPlatform().start(() -> comeAndGo(beside, stop));
        undo.push(
                () -> {
                    stop.set(true);
                    churn.join();
                });
    }

    /// Processes that open, delete and hold files on the same file system, half of them in a mount
    /// namespace of their own.
    private static void comeAndGo(Path beside, AtomicBoolean stop) {
        try {
            String holds = "exec 3>$1/f; rm -f $1/f; sleep 0.0$2";
            while (!stop.get()) {
                var crowd = new ArrayList<Process>();
                for (int i = 0; i < 10; i++) {
                    List<String> shell =
                            i % 2 == 0 ? List.of("sh") : List.of("unshare", "-m", "sh");
                    var command = new ArrayList<>(shell);
                    command.addAll(List.of("-c", holds, "sh", beside.toString(), "" + i));
                    crowd.add(new ProcessBuilder(command).start());
                }
                crowd.forEach(process -> process.onExit().join());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws Exception {
        while (!undo.isEmpty()) {
            undo.pop().close();
        }
    }

    private void isClearedEachTime(String target) {
        HostView view =
                HostView.unconfigured(folder.resolve("state"))
                        .withDisposable(DisposableNames.shipped());
        for (int i = 0; i < TIMES; i++) {
            GuardAnswer answer =
                    Guard.ofThisHost(Duration.ofSeconds(60))
                            .check(new GuardRequest("wipe", Target.parse(target), view));
            assertThat(answer.reasons()).as("look %d at %s", i + 1, target).isEmpty();
        }
    }

    private static String run(String... command) {
        Commands.Result result = Commands.run(List.of(command), null, Duration.ofSeconds(60));
        assertThat(result.exit()).as("%s: %s", List.of(command), result.err()).isZero();
        return result.out().strip();
    }

    private String disk() throws IOException {
        Path image = folder.resolve("image");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(32 << 20);
        }
        Commands.Result result =
                Commands.run(
                        List.of("losetup", "-f", "--show", image.toString()),
                        null,
                        Duration.ofSeconds(60));
        Assumptions.assumeTrue(result.exit() == 0, "not run: no loop device: " + result.err());
        String device = result.out().strip();
        undo.push(() -> run("losetup", "-d", device));
        return device;
    }

    @Test
    void emptyFolder() {
        isClearedEachTime("path:" + data);
    }

    @Test
    void nestedEmptyFolders() throws IOException {
        Files.createDirectories(data.resolve("a/b/c/d"));
        Files.createDirectories(data.resolve("a/lost+found"));
        isClearedEachTime("path:" + data);
    }

    @Test
    void folderJustWiped() throws IOException {
        Path file = Files.createDirectories(data.resolve("shop")).resolve("t.ibd");
        Files.write(file, new byte[1 << 20]);
        run("find", data.toString(), "-mindepth", "1", "-delete");
        isClearedEachTime("path:" + data);
    }

    @Test
    void folderWithDisposableNamesOnly() throws IOException {
        Files.createFile(data.resolve(".keep"));
        Files.writeString(data.resolve(".gitkeep"), "# keep\n");
        isClearedEachTime("path:" + data);
    }

    @Test
    void diskOfZeroes() throws IOException {
        isClearedEachTime("device:" + disk());
    }

    @Test
    void diskFreshlyFormatted() throws IOException {
        String device = disk();
        run("mkfs.ext4", "-q", "-F", device);
        isClearedEachTime("device:" + device);
    }

    @Test
    void diskFreshlyFormattedIsActedOn() throws IOException {
        String device = disk();
        var request =
                new GuardRequest(
                        "wipe",
                        Target.parse("device:" + device),
                        HostView.unconfigured(folder.resolve("state")));
        for (int i = 0; i < TIMES; i++) {
            run("mkfs.ext4", "-q", "-F", device);
            GuardedAct.Outcome outcome =
                    GuardedAct.run(
                            Guard.ofThisHost(Duration.ofSeconds(60)),
                            request,
                            UNRECORDED,
                            _ -> true);
            assertThat(outcome).as("act %d", i + 1).isInstanceOf(GuardedAct.Outcome.Done.class);
        }
    }

    private static final GuardedAct.Recorder UNRECORDED =
            new GuardedAct.Recorder() {
                @Override
                public void holding(Path held) {}

                @Override
                public void intent(GuardAnswer answer, Path held, Interlock.Kind kind) {}
            };

    @Test
    void diskFreshlyFormattedAndMounted() throws IOException {
        String device = disk();
        run("mkfs.ext4", "-q", "-F", device);
        run("mount", device, data.toString());
        undo.push(() -> run("umount", data.toString()));
        isClearedEachTime("path:" + data);
    }
}
