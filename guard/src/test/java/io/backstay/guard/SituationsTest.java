package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.kernel.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An empty folder, and users of it that neither `ls` nor a glance at `/proc` shows. Runs as root.
class SituationsTest {
    private Path folder;
    private Path data;
    private final Deque<AutoCloseable> undo = new ArrayDeque<>();

    @BeforeEach
    void folders() throws IOException {
        folder = Files.createTempDirectory("situation").toRealPath();
        undo.push(() -> Disk.deleteTree(folder));
        Files.createDirectories(folder.resolve("state"));
        data = Files.createDirectories(folder.resolve("data"));
    }

    @AfterEach
    void close() throws Exception {
        while (!undo.isEmpty()) {
            undo.pop().close();
        }
    }

    private GuardAnswer wipe() {
        return Guard.ofThisHost()
                .check(
                        new GuardRequest(
                                "wipe",
                                Target.parse("path:" + data),
                                HostView.unconfigured(folder.resolve("state"))));
    }

    private Set<String> refusing() {
        return LiveHostIT.refusing(wipe());
    }

    private Path file() throws IOException {
        return Files.writeString(data.resolve("gone.ibd"), "x");
    }

    private static void run(String... command) {
        Commands.Result result = Commands.run(List.of(command), null, Duration.ofSeconds(60));
        assertThat(result.exit()).as("%s: %s", List.of(command), result.err()).isZero();
    }

    /// A process that says when it stands, and stands until it is ended.
    private void standing(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectError(folder.resolve("standing.err").toFile())
                        .start();
        undo.push(
                () -> {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().onExit().join();
                });
        assertThat((char) process.getInputStream().read())
                .as(Files.readString(folder.resolve("standing.err")))
                .isEqualTo('k');
    }

    private String loop(Path image) {
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

    private void mount(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "mount";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        run(command);
        undo.push(() -> run("umount", arguments[arguments.length - 1]));
    }

    @Test
    void deletedFileOnItsWayBetweenTwoSocketsIsBlind() throws IOException {
        try (var held = KernelCalls.inFlight(file())) {
            Files.delete(data.resolve("gone.ibd"));
            assertThat(refusing()).contains("blind open-files").isNotEmpty();
            assertThat(held).isNotNull();
        }
        assertThat(wipe().reasons()).isEmpty();
    }

    @Test
    void deletedFileThatOnlyAnIoUringHoldsIsLive() throws IOException {
        try (var held = KernelCalls.registered(file())) {
            Files.delete(data.resolve("gone.ibd"));
            assertThat(wipe().reasons())
                    .anySatisfy(
                            reason ->
                                    assertThat(reason)
                                            .contains("gone.ibd (registered with an io_uring)"));
            assertThat(held).isNotNull();
        }
        assertThat(wipe().reasons()).isEmpty();
    }

    @Test
    void filesAndFoldersOfAThreadWithTablesOfItsOwnAreLive() throws Exception {
        var stands = new CountDownLatch(1);
        var looked = new CountDownLatch(1);
        Path file = file();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    KernelCalls.separateThisThread();
                                    KernelCalls.changeFolder(data);
                                    try (var open = Descriptor.openToLook(file)) {
                                        assertThat(open.number()).isPositive();
                                        stands.countDown();
                                        looked.await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        stands.await();
        Files.delete(file);
        assertThat(wipe().reasons())
                .singleElement()
                .asString()
                .contains("open-files", "1 of them deleted", "gone.ibd", "working directory");
        looked.countDown();
        thread.join();
        assertThat(wipe().reasons()).isEmpty();
    }

    @Test
    void threadsThatOutliveTheirProcessesLeaderAreLive() throws IOException {
        Commands.Result perl =
                Commands.run(List.of("perl", "-Mthreads", "-e", "1"), null, Duration.ofSeconds(30));
        Assumptions.assumeTrue(perl.exit() == 0, "not run: no perl with threads");
        standing(
                "perl",
                "-Mthreads",
                "-e",
                """
                threads->create(sub {
                    open(F, '+>', $ARGV[0]); unlink $ARGV[0];
                    select(undef, undef, undef, 0.5); syswrite(STDOUT, 'k'); sleep 1000;
                });
                syscall(%d, 0);
                """
                        .formatted(System.getProperty("os.arch").equals("aarch64") ? 93 : 60),
                data.resolve("gone.ibd").toString());
        assertThat(wipe().reasons()).singleElement().asString().contains("gone.ibd");
    }

    @Test
    void deletedFileBehindAMountThatIsGoneIsBlind() throws IOException {
        Path seen = Files.createDirectory(folder.resolve("seen"));
        standing(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind $1 $2 && exec 3<>$2/f && umount -l $2 && rm $1/f && printf k && read _",
                "sh",
                data.toString(),
                seen.toString());
        assertThat(refusing()).isEqualTo(Set.of("blind open-files"));
    }

    @Test
    void deletedFileOfAProcessWithAnotherRootIsBlind() throws IOException {
        standing(
                "unshare",
                "--mount",
                "perl",
                "-e",
                "chroot $ARGV[0]; chdir '/'; open(F, '+>', '/data/f'); unlink '/data/f';"
                        + " syswrite(STDOUT, 'k'); sleep 1000",
                folder.toString());
        assertThat(refusing()).isEqualTo(Set.of("blind open-files"));
    }

    @Test
    void loopDeviceOnADeletedFileIsLive() throws IOException {
        try (var image = new java.io.RandomAccessFile(file().toFile(), "rw")) {
            image.setLength(1 << 20);
        }
        loop(data.resolve("gone.ibd"));
        Files.delete(data.resolve("gone.ibd"));
        assertThat(refusing()).isEqualTo(Set.of("live kernel-users"));
    }

    @Test
    void emptyLayerOfAnOverlayIsLive() throws IOException {
        Path merged = Files.createDirectory(folder.resolve("merged"));
        Path lower = Files.createDirectory(folder.resolve("lower"));
        for (String layer : List.of("upper", "work")) {
            Files.createDirectory(data.resolve(layer));
        }
        mount(
                "-t",
                "overlay",
                "overlay",
                "-o",
                "lowerdir=%s,upperdir=%s/upper,workdir=%s/work".formatted(lower, data, data),
                merged.toString());
        assertThat(refusing()).isEqualTo(Set.of("live mounts"));
    }

    @Test
    void freshFileSystemIsClearedAtItsMountPointButNotWhatItCovers() throws IOException {
        Path image = folder.resolve("image");
        try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(8 << 20);
        }
        run("mkfs.ext4", "-q", "-F", image.toString());
        String device = loop(image);
        mount(device, data.toString());
        assertThat(wipe().reasons()).isEmpty();

        Path other = Files.createDirectory(folder.resolve("other"));
        mount("--bind", data.toString(), other.toString());
        assertThat(refusing()).isEqualTo(Set.of("live mounts"));
        end(undo.pop());
        end(undo.pop());
        Files.writeString(data.resolve("ibdata1"), "x");
        mount(device, data.toString());
        assertThat(wipe().reasons())
                .containsExactly("live   data-at-rest     beneath the mount: data: ibdata1");
    }

    @Test
    void processThatStandsBeneathAMountIsLive() throws IOException {
        standing("sh", "-c", "cd $1 && printf k && read _", "sh", data.toString());
        mount("-t", "tmpfs", "none", data.toString());
        assertThat(wipe().reasons())
                .singleElement()
                .asString()
                .contains("open-files", "beneath the mount", "working directory");
    }

    @Test
    void insideAPidNamespaceTheGuardIsBlind() throws Exception {
        Process process =
                new ProcessBuilder(
                                "unshare",
                                "--pid",
                                "--fork",
                                "--mount-proc",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LiveHostIT.Ask.class.getName(),
                                data.toString(),
                                folder.resolve("state").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("ask.log").toFile())
                        .start();
        assertThat(process.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("ask.log")))
                .startsWith("REFUSED wipe")
                .contains("blind  open-files", "outside of this PID namespace")
                .doesNotContain("live ");
    }

    @Test
    void serverThatNamesItsFolderFromWhereItStandsIsLive() throws IOException {
        standing(
                "sh",
                "-c",
                "cd $1 && exec sh -c 'printf k && read _' mariadbd --datadir=data",
                "sh",
                folder.toString());
        assertThat(refusing()).isEqualTo(Set.of("live processes"));
    }

    @Test
    void serverOfWhichNobodyKnowsItsDataIsBlindUntilItHasOpenedIt() throws IOException {
        Path server = folder.resolve("mariadbd");
        Files.copy(Path.of("/bin/sh").toRealPath(), server);
        assertThat(server.toFile().setExecutable(true)).isTrue();
        Path elsewhere = Files.writeString(folder.resolve("ibdata1"), "x");
        standing(server.toString(), "-c", "printf k && read _");
        assertThat(refusing()).isEqualTo(Set.of("blind processes"));
        end(undo.pop());
        standing(server.toString(), "-c", "exec 3<$0 && printf k && read _", elsewhere.toString());
        assertThat(wipe().reasons()).isEmpty();
    }

    private static void end(AutoCloseable standing) {
        try {
            standing.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void operatorsListingOfTheFolderIsNoServer() throws IOException {
        standing("sh", "-c", "printf k && read _", "du", "-h", data.toString());
        assertThat(wipe().reasons()).isEmpty();
    }
}
