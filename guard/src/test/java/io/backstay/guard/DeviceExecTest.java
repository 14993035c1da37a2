package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.ProcessIdentity;
import io.backstay.doors.kernel.Child;
import io.backstay.doors.kernel.ChildPlan;
import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import io.backstay.guard.internal.HeldTarget;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A block device held through an act, and what happens to it in each window between look and act.
/// Runs as root, on loop devices.
class DeviceExecTest {
    private static final int SIZE = 16 << 20;
    private static final byte FILL = 'x';
    private final Deque<AutoCloseable> undo = new ArrayDeque<>();
    private Path folder;
    private String device;

    @BeforeEach
    void attach() throws IOException {
        folder = Files.createTempDirectory("held").toRealPath();
        undo.push(() -> Disk.deleteTree(folder));
        Files.createDirectory(folder.resolve("mounted"));
        Files.createDirectory(folder.resolve("state"));
        device = loop("image");
    }

    @AfterEach
    void detach() throws Exception {
        while (!undo.isEmpty()) {
            undo.pop().close();
        }
    }

    private String loop(String image) throws IOException {
        Path file = folder.resolve(image);
        if (!Files.exists(file)) {
            try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(SIZE);
            }
        }
        return attach(file.toString());
    }

    private String attach(String medium) {
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

    private interface Step {
        void run() throws IOException;
    }

    private static final Step NOTHING = () -> {};

    private static void step(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GuardRequest request() {
        return new GuardRequest(
                "wipe",
                Target.parse("device:" + device),
                HostView.unconfigured(folder.resolve("state")));
    }

    /// @param checked right after the first look
    /// @param held right after the second one
    private GuardedAct.Outcome exec(Step checked, Step held, GuardedAct.Act act) {
        return GuardedAct.run(
                Guard.ofThisHost(Duration.ofSeconds(60)),
                request(),
                new GuardedAct.Recorder() {
                    @Override
                    public void holding(Path name) {
                        step(checked);
                    }

                    @Override
                    public void intent(GuardAnswer answer, Path name, Interlock.Kind kind) {
                        step(held);
                    }
                },
                act);
    }

    /// Without a shell; `{target}` in it.
    private record Command(List<String> words, boolean claimsItself) implements GuardedAct.Act {
        @Override
        public boolean isCommand() {
            return true;
        }

        @Override
        public boolean run(Interlock hold) {
            String name = hold.pathInCommand().toString();
            return HeldCommand.start(
                                    hold,
                                    words.stream().map(w -> w.replace("{target}", name)).toList(),
                                    Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                                    ChildPlan.Streams.NONE)
                            .await()
                    == 0;
        }
    }

    private static Command fill() {
        return new Command(
                List.of("sh", "-c", "printf x | dd of=$0 conv=notrunc", "{target}"), false);
    }

    private void assertRefused(Step between, String finding) throws IOException {
        GuardedAct.Outcome outcome = exec(between, NOTHING, fill());
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.Refused.class);
        assertThat(LiveHostIT.refusing(outcome.answer())).contains(finding);
        assertThat(firstByte()).isNotEqualTo(FILL);
    }

    private void assertNotBegun(Step late) throws IOException {
        assertThat(exec(NOTHING, late, fill()))
                .isInstanceOfSatisfying(
                        GuardedAct.Outcome.InDoubt.class,
                        doubt -> assertThat(doubt.why()).contains("the act was not begun"));
        assertThat(firstByte()).isNotEqualTo(FILL);
    }

    private byte firstByte() throws IOException {
        try (var file = new RandomAccessFile(device, "r")) {
            return file.readByte();
        }
    }

    private static void assertClaimed(String node) {
        assertThatThrownBy(() -> Descriptor.openExclusively(Path.of(node)).close())
                .isInstanceOf(KernelRefusedException.class)
                .hasMessageContaining("open");
    }

    @Test
    void emptyDeviceIsClaimedThroughTheAct() throws IOException {
        var claimed = new boolean[1];
        GuardedAct.Outcome outcome =
                exec(
                        NOTHING,
                        () -> {
                            assertClaimed(device);
                            claimed[0] = true;
                        },
                        fill());
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        GuardedAct.Outcome.Done.class,
                        done -> assertThat(done.kind()).isEqualTo(Interlock.Kind.FULL));
        assertThat(claimed[0]).isTrue();
        assertThat(firstByte()).isEqualTo(FILL);
        Descriptor.openExclusively(Path.of(device)).close();
    }

    @Test
    void claimLivesAsLongAsTheCommandWhenTheGuardIsGone() {
        if (!(HeldTarget.take(Path.of(device), request())
                instanceof HeldTarget.All(HeldTarget held))) {
            throw new AssertionError("not held");
        }
        Child command;
        try (held) {
            assertThat(held.whyNotPassedOn()).isEmpty();
            command =
                    new ChildPlan(
                                    List.of("sleep", "600"),
                                    Map.of("PATH", "/usr/bin:/bin"),
                                    held.inheritable(false),
                                    ChildPlan.Streams.NONE)
                            .start();
        }
        assertClaimed(device);
        command.signal(ProcessIdentity.Signal.KILL);
        assertThat(command.await(Duration.ofSeconds(60))).isPresent();
        Descriptor.openExclusively(Path.of(device)).close();
    }

    @Test
    void commandThatClaimsForItselfCanAndIsWindowed() {
        GuardedAct.Outcome outcome =
                exec(NOTHING, NOTHING, new Command(List.of("mkfs.ext4", "-q", "{target}"), true));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        GuardedAct.Outcome.Done.class,
                        done -> {
                            assertThat(done.kind()).isEqualTo(Interlock.Kind.WINDOWED);
                            assertThat(done.window())
                                    .contains("the claim ends as the command starts");
                        });
        assertThat(
                        exec(
                                NOTHING,
                                NOTHING,
                                new Command(List.of("mkfs.ext4", "-q", "{target}"), false)))
                .isInstanceOf(GuardedAct.Outcome.Failed.class);
    }

    @Test
    void deviceThatIsClaimedWhenTheCommandHasEndedIsInDoubt() {
        Path mounted = folder.resolve("mounted");
        GuardedAct.Outcome outcome =
                exec(
                        NOTHING,
                        NOTHING,
                        new Command(
                                List.of(
                                        "sh",
                                        "-c",
                                        "mkfs.ext4 -q $0 && mount $0 $1",
                                        "{target}",
                                        mounted.toString()),
                                true));
        undo.push(() -> run("umount", mounted.toString()));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        GuardedAct.Outcome.InDoubt.class,
                        doubt -> assertThat(doubt.why()).contains("it is claimed now"));
    }

    @Test
    void whoMountsBetweenCheckAndActIsSeen() throws IOException {
        run("mkfs.ext4", "-q", "-F", device);
        assertRefused(
                () -> {
                    run("mount", device, folder.resolve("mounted").toString());
                    undo.push(() -> run("umount", folder.resolve("mounted").toString()));
                },
                "blind interlock");
    }

    @Test
    void whoSwapsOnItBetweenCheckAndActIsSeen() throws IOException {
        assertRefused(
                () -> {
                    run("mkswap", device);
                    run("swapon", device);
                    undo.push(() -> run("swapoff", device));
                },
                "blind interlock");
    }

    @Test
    void whoPutsALoopDeviceOnItBetweenCheckAndActIsSeen() throws IOException {
        assertRefused(() -> attach(device), "live users");
    }

    @Test
    void whoOpensItBetweenCheckAndActIsSeen() throws IOException {
        assertRefused(() -> holder(device), "live users");
    }

    @Test
    void whatIsWrittenBetweenCheckAndActIsSeen() throws IOException {
        assertRefused(
                () -> {
                    try (var file = new RandomAccessFile(device, "rw")) {
                        file.seek(SIZE / 2);
                        file.write(1);
                    }
                },
                "live data-at-rest");
    }

    @Test
    void whoComesAfterTheSecondLookStopsTheAct() throws IOException {
        assertNotBegun(() -> holder(device));
    }

    @Test
    void loopDeviceAfterTheSecondLookStopsTheAct() throws IOException {
        assertNotBegun(() -> attach(device));
    }

    @Test
    void nameThatLeadsToAnotherDeviceIsNotActedOn() throws IOException {
        String real = device;
        String other = loop("other");
        Path node = Path.of("/dev/backstay-" + ProcessHandle.current().pid());
        device = node.toString();
        undo.push(() -> Files.deleteIfExists(node));
        node(node, real);
        try (var file = new RandomAccessFile(other, "rw")) {
            file.write('o');
        }
        // what has the name when it is claimed is looked at afresh
        assertRefused(() -> swap(node, other), "live data-at-rest");
        node(node, real);
        assertNotBegun(() -> swap(node, other));
    }

    private static void swap(Path node, String device) throws IOException {
        Files.move(node, node.resolveSibling(node.getFileName() + "-was"));
        Files.delete(node.resolveSibling(node.getFileName() + "-was"));
        node(node, device);
    }

    private static void node(Path node, String device) throws IOException {
        Files.deleteIfExists(node);
        String[] numbers =
                Files.readString(Path.of("/sys/class/block" + device.substring(4), "dev"))
                        .strip()
                        .split(":");
        run("mknod", node.toString(), "b", numbers[0], numbers[1]);
    }

    @Test
    void diskAndPartitionKeepEachOther() throws IOException {
        String disk = partitioned();
        device = disk;
        assertThat(exec(NOTHING, () -> assertClaimed(disk + "p1"), fill()))
                .isInstanceOf(GuardedAct.Outcome.Done.class);
        device = disk + "p1";
        assertThat(exec(NOTHING, () -> assertClaimed(disk), fill()))
                .isInstanceOf(GuardedAct.Outcome.Done.class);
        try (var file = new RandomAccessFile(device, "rw")) {
            file.write(0);
        }
        assertRefused(() -> holder(disk), "live users");
    }

    /// One partition of type 0x83 from sector 2048 on.
    private String partitioned() throws IOException {
        Path image = folder.resolve("partitioned");
        try (var bytes = new RandomAccessFile(image.toFile(), "rw")) {
            bytes.setLength(SIZE);
            byte[] entry = new byte[16];
            entry[4] = (byte) 0x83;
            ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 2048).putInt(12, 8192);
            bytes.seek(446);
            bytes.write(entry);
            bytes.seek(510);
            bytes.write(new byte[] {0x55, (byte) 0xaa});
        }
        String disk = loop("partitioned");
        if (!Files.exists(Path.of(disk + "p1"))) { // a kernel that reads no tables
            run("addpart", disk, "1", "2048", "8192");
        }
        return disk;
    }

    private void holder(String node) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "exec 3<$0; echo; read _", node).start();
        undo.push(() -> process.destroyForcibly().onExit().join());
        assertThat(process.getInputStream().read()).isEqualTo('\n');
    }
}
