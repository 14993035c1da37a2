package io.backstay.doors.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorTest {
    @TempDir Path folder;

    @Test
    void lockOfAnotherDescriptorIsSeenAndEndsWithIt() throws IOException {
        Path file = Files.writeString(folder.resolve("ibdata1"), "x");
        try (var look = Descriptor.openToLook(file)) {
            assertThat(look.isLockedElsewhere()).isFalse();
            try (var lock = Descriptor.openToLock(file)) {
                assertThat(lock.tryLock()).isTrue();
                assertThat(look.isLockedElsewhere()).isTrue();
                assertThat(lock.isLockedElsewhere()).isFalse();
                try (var second = Descriptor.openToLock(file)) {
                    assertThat(second.tryLock()).isFalse();
                }
                assertThat(look.isLockedElsewhere()).isTrue();
            }
            assertThat(look.isLockedElsewhere()).isFalse();
        }
    }

    @Test
    void processLockAsServersTakeItIsSeen() throws IOException {
        Path file = Files.writeString(folder.resolve("ibdata1"), "x");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var look = Descriptor.openToLook(file)) {
            channel.lock();
            assertThat(look.isLockedElsewhere()).isTrue();
        }
    }

    /// The kernel's usual signal for it ends the process, and this test with it.
    @Test
    void openThatFallsIntoTheQuestionDoesNotEndTheAsker() throws Exception {
        Path file = Files.writeString(folder.resolve("t.ibd"), "x");
        var stop = new java.util.concurrent.atomic.AtomicBoolean();
        var opened = new java.util.concurrent.atomic.AtomicInteger();
        Thread opener =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!stop.get()) {
                                        try (var in = Files.newInputStream(file)) {
                                            opened.addAndGet(in.read());
                                        } catch (IOException e) {
                                            throw new java.io.UncheckedIOException(e);
                                        }
                                    }
                                });
        int seen = 0;
        try (var look = Descriptor.openToLook(file)) {
            for (int i = 0; i < 20_000; i++) {
                seen += look.isOpenElsewhere() ? 1 : 0;
            }
        } finally {
            stop.set(true);
            opener.join();
        }
        assertThat(seen).isPositive().isLessThan(20_000);
    }

    @Test
    void openAndMappedFilesAreSeenAndFreeOnesAreNot() throws IOException {
        Path file = Files.writeString(folder.resolve("t.ibd"), "x");
        try (var look = Descriptor.openToLook(file)) {
            assertThat(look.isOpenElsewhere()).isFalse();
            try (var arena = java.lang.foreign.Arena.ofConfined()) {
                try (var other = FileChannel.open(file, StandardOpenOption.READ)) {
                    assertThat(look.isOpenElsewhere()).isTrue();
                    other.map(FileChannel.MapMode.READ_ONLY, 0, 1, arena);
                }
                assertThat(look.isOpenElsewhere()).isTrue();
            }
            assertThat(look.isOpenElsewhere()).isFalse();
        }
    }

    @Test
    void linkIsNotFollowed() throws IOException {
        Path file = Files.writeString(folder.resolve("real"), "x");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThatThrownBy(() -> Descriptor.openToLook(link))
                .isInstanceOf(KernelRefusedException.class)
                .hasMessage("open on " + link + " failed: errno 40");
    }

    @Test
    void processBehindAUnixSocketIsNamed() throws IOException {
        Path name = folder.resolve("s.sock");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(name));
            assertThat(UnixPeer.pidBehind(name)).isEqualTo((int) ProcessHandle.current().pid());
        }
        assertThatThrownBy(() -> UnixPeer.pidBehind(name))
                .isInstanceOfSatisfying(
                        KernelRefusedException.class,
                        e -> assertThat(e.errno()).isEqualTo(KernelRefusedException.ECONNREFUSED));
    }
}
