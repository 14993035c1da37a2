package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.kernel.Descriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Block devices in the states that they are found in. Runs as root, on loop devices.
class DeviceTest {
    private static final int SIZE = 16 << 20;
    private final Deque<AutoCloseable> undo = new ArrayDeque<>();
    private Path folder;
    private String device;

    @BeforeEach
    void attach() throws IOException {
        folder = Files.createTempDirectory("device").toRealPath();
        undo.push(() -> Disk.deleteTree(folder));
        Path image = folder.resolve("image");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        device = loop(image.toString());
    }

    @AfterEach
    void detach() throws Exception {
        while (!undo.isEmpty()) {
            undo.pop().close();
        }
    }

    private String loop(String medium) {
        Commands.Result result =
                Commands.run(
                        List.of("losetup", "-f", "-P", "--show", medium),
                        null,
                        Duration.ofSeconds(60));
        Assumptions.assumeTrue(result.exit() == 0, "not run: no loop device: " + result.err());
        String node = result.out().strip();
        undo.push(() -> run("losetup", "-d", node));
        return node;
    }

    private static void run(String... command) {
        Commands.Result result = Commands.run(List.of(command), null, Duration.ofSeconds(60));
        assertThat(result.exit()).as("%s: %s", List.of(command), result.err()).isZero();
    }

    private GuardAnswer wipe() {
        return Guard.ofThisHost(Duration.ofSeconds(60))
                .check(
                        new GuardRequest(
                                "wipe",
                                Target.parse("device:" + device),
                                HostView.unconfigured(folder)));
    }

    private Set<String> refusing() {
        return LiveHostIT.refusing(wipe());
    }

    private void write(long at, byte[] bytes) throws IOException {
        try (var file = new RandomAccessFile(device, "rw")) {
            file.seek(at);
            file.write(bytes);
        }
    }

    private void write(long at, String text) throws IOException {
        write(at, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void zeroesAreClearedAndOneByteIsNot() throws IOException {
        assertThat(wipe().reasons()).isEmpty();
        write(SIZE - 70_000, "x");
        assertThat(wipe().reasons())
                .containsExactly(
                        "live   data-at-rest     %s holds data of an unknown kind, at byte %,d"
                                .formatted(device, SIZE - 70_000));
    }

    @Test
    void freshFileSystemIsClearedUntilSomethingWasMadeOnIt() throws IOException {
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        run("mkfs.ext4", "-q", "-F", device);
        assertThat(wipe().reasons()).isEmpty();
        run("mount", device, mounted.toString());
        assertThat(refusing()).contains("live claim", "live users");
        Files.createDirectory(mounted.resolve("made"));
        run("umount", mounted.toString());
        assertThat(wipe().reasons())
                .singleElement()
                .asString()
                .contains("an ext file system, and", "inodes are in use");
    }

    @Test
    void mountThatOnlyAnotherNamespaceHasIsLive() throws IOException {
        run("mkfs.ext4", "-q", "-F", device);
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        Process process =
                new ProcessBuilder(
                                "unshare",
                                "--mount",
                                "sh",
                                "-c",
                                "mount $1 $2 && printf k && read _",
                                "sh",
                                device,
                                mounted.toString())
                        .start();
        try {
            assertThat((char) process.getInputStream().read()).isEqualTo('k');
            assertThat(refusing()).contains("live claim", "live users");
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void deviceThatIsMappedOrHeldByARingIsInUseWithoutADescriptor() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            try (FileChannel open = FileChannel.open(Path.of(device), StandardOpenOption.READ)) {
                open.map(FileChannel.MapMode.READ_ONLY, 0, 4096, arena);
            }
            assertThat(refusing()).contains("live users");
        }
        assertThat(wipe().reasons()).isEmpty();
        try (KernelCalls.Held _ = KernelCalls.registered(Path.of(device))) {
            assertThat(refusing()).contains("live users");
        }
    }

    @Test
    void whatIsWaitingOnItIsCalledByItsName() throws IOException {
        for (var lie :
                List.of(
                        new String[] {"LVM", "512", "LABELONE"},
                        new String[] {"LUKS", "0", "LUKS\u00ba\u00be"},
                        new String[] {"btrfs", "65600", "_BHRfS_M"},
                        new String[] {"swap", "4086", "SWAPSPACE2"},
                        new String[] {"RAID", "4096", "\u00fcN+\u00a9"},
                        new String[] {"RAID", "" + (SIZE - 65_536), "\u00fcN+\u00a9"},
                        new String[] {"DRBD", "" + (SIZE - 100), "\u0083t\u0002m"},
                        new String[] {"ZFS", "" + (132 << 10), "\f\u00b1\u00ba\0\0\0\0\0"})) {
            long at = Long.parseLong(lie[1]);
            write(at, lie[2]);
            assertThat(wipe().reasons())
                    .as(lie[0])
                    .singleElement()
                    .asString()
                    .contains("data-at-rest", lie[0]);
            write(at, new byte[lie[2].length()]);
        }
        assertThat(wipe().reasons()).isEmpty();
    }

    @Test
    void fileInPlaceOfLostAndFoundIsLive() throws IOException {
        for (String mkfs : new String[] {"mkfs.ext4", "mkfs.ext2"}) {
            Path mounted = Files.createDirectories(folder.resolve("mounted"));
            run(mkfs, "-q", "-F", device);
            assertThat(wipe().reasons()).as(mkfs).isEmpty();
            run("mount", device, mounted.toString());
            Files.delete(mounted.resolve("lost+found"));
            Files.writeString(mounted.resolve("backup.sql"), "all we have");
            run("umount", mounted.toString());
            assertThat(wipe().reasons())
                    .as(mkfs)
                    .singleElement()
                    .asString()
                    .contains("its root folder holds backup.sql");
        }
    }

    @Test
    void dataBehindAFreshFileSystemIsLive() throws IOException {
        for (String[] mkfs :
                new String[][] {
                    {"mkfs.ext4", "-q", "-F", "-b", "4096", device, "2048"},
                    {"mkfs.ext4", "-q", "-F", "-O", "^64bit,^extents", "-b", "1024", device, "9000"}
                }) {
            write(0, new byte[SIZE]);
            run(mkfs);
            assertThat(wipe().reasons()).as("%s", List.of(mkfs)).isEmpty();
            write(SIZE - 4096, "x");
            assertThat(wipe().reasons())
                    .singleElement()
                    .asString()
                    .contains("data of an unknown kind lies behind it");
        }
    }

    @Test
    void fileSystemWhoseSignatureWasWipedIsDataOfAnUnknownKind() throws IOException {
        run("mkfs.ext4", "-q", "-F", device);
        run("wipefs", "-q", "-a", device);
        assertThat(wipe().reasons()).singleElement().asString().contains("of an unknown kind");
    }

    @Test
    void partitionThatTheKernelDoesNotKnowIsBlind() throws IOException {
        // one entry: type 0x83, from sector 2048, 8192 sectors
        byte[] entry = HexFormat.of().parseHex("00000000830000000000000000000000");
        ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 2048).putInt(12, 8192);
        write(446, entry);
        write(510, new byte[] {0x55, (byte) 0xaa});
        assertThat(refusing()).isEqualTo(Set.of("blind data-at-rest"));
    }

    @Test
    void loopDeviceOnTheDeviceIsLive() {
        loop(device);
        assertThat(refusing()).isEqualTo(Set.of("live users"));
    }

    @Test
    void programThatHasItOpenUnderAnotherNameIsLive() throws IOException {
        var numbers = Files.readString(Path.of("/sys/block" + device.substring(4), "dev")).strip();
        Path node = folder.resolve("node");
        run("mknod", node.toString(), "b", numbers.split(":")[0], numbers.split(":")[1]);
        try (var open = Descriptor.openToLook(node)) {
            assertThat(open.number()).isPositive();
            assertThat(refusing()).isEqualTo(Set.of("live users"));
        }
        assertThat(wipe().reasons()).isEmpty();
    }

    @Test
    void claimOfAnotherProgramIsLive() {
        try (var claim = Descriptor.openExclusively(Path.of(device))) {
            assertThat(claim.number()).isPositive();
            assertThat(refusing()).contains("live claim");
        }
    }
}
