package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelUsersTest {
    private static final String HEADER = "Filename\t\t\tType\t\tSize\tUsed\tPriority\n";
    @TempDir Path root;

    @BeforeEach
    void emptyKernel() throws IOException {
        write("proc/swaps", HEADER);
        Files.createDirectories(root.resolve("sys/block"));
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<KernelUsers> read() throws CannotLookException {
        return KernelUsers.read(root);
    }

    @Test
    void nothingUsedIsNothing() throws Exception {
        write("sys/block/loop0/size", "0\n");
        write("sys/block/zram0/backing_dev", "none\n");
        write("sys/block/sda/loop/backing_file", "/x\n");
        assertThat(read()).isEmpty();
    }

    @Test
    void swapAreasAreReadWithTheirNames() throws Exception {
        write(
                "proc/swaps",
                HEADER
                        + "/a\\040b file 1 0 -2\n/dev/sda2 partition 1 0 -2\n/c\\040(deleted) file\n");
        assertThat(read())
                .containsExactly(
                        new KernelUsers("/a b", false, "swap"),
                        new KernelUsers("/dev/sda2", false, "swap"),
                        new KernelUsers("/c", true, "swap"));
    }

    @Test
    void mediaOfLoopAndZramDevices() throws Exception {
        write("sys/block/loop3/loop/backing_file", "/image (deleted)\n");
        write("sys/block/zram1/backing_dev", "/dev/sdb1\n");
        assertThat(read())
                .containsExactlyInAnyOrder(
                        new KernelUsers("/image", true, "loop3"),
                        new KernelUsers("/dev/sdb1", false, "zram1"));
    }

    @Test
    void kernelWithoutSwapHasNoSuchFile() throws Exception {
        Files.delete(root.resolve("proc/swaps"));
        assertThat(read()).isEmpty();
    }

    @Test
    void anythingElseIsBlind() throws Exception {
        write("proc/swaps", "what?\n");
        assertThatThrownBy(this::read)
                .isInstanceOf(CannotLookException.class)
                .hasMessage("what the kernel uses cannot be read: unknown form: what?");
        Files.delete(root.resolve("proc/swaps"));
        Files.createDirectory(root.resolve("proc/swaps"));
        assertThatThrownBy(this::read).isInstanceOf(CannotLookException.class);
        Files.delete(root.resolve("proc/swaps"));
        Files.delete(root.resolve("sys/block"));
        assertThatThrownBy(this::read).isInstanceOf(CannotLookException.class);
    }

    /// One that is detached while it is read says so by an error and has no `offset` any more.
    @Test
    void mediumThatCannotBeReadIsBlindWhileItIsAttached() throws Exception {
        Files.createDirectories(root.resolve("sys/block/loop3/loop/backing_file"));
        assertThat(read()).isEmpty();
        write("sys/block/loop3/loop/offset", "0\n");
        assertThatThrownBy(this::read).isInstanceOf(CannotLookException.class);
    }

    @Test
    void folderInPlaceOfTheKernelsOwnIsBlind() throws Exception {
        var proc = new Mount(2, 1, 2, "/", "/proc", "proc", "x", "");
        var sys = new Mount(3, 1, 3, "/", "/sys", "sysfs", "x", "");
        KernelUsers.requireKernelsOwn(List.of(proc, sys));
        assertThatThrownBy(() -> KernelUsers.requireKernelsOwn(List.of(proc)))
                .isInstanceOf(CannotLookException.class)
                .hasMessage(
                        "/sys/block is not the kernel's: expected a mount of type sysfs there,"
                                + " found nothing");
        assertThatThrownBy(() -> KernelUsers.requireKernelsOwn(List.of(sys)))
                .hasMessage(
                        "/proc/swaps is not the kernel's: expected a mount of type proc there,"
                                + " found nothing");
        assertThat(KernelUsers.read(Path.of("/"))).isNotNull();
    }
}
