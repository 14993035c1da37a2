package io.backstay.doors.kernel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// One thread's visit to a network and a mount namespace of its own. Needs the right to create them
/// (CAP_SYS_ADMIN). Source: unshare(2), mount(2), socket(7).
public final class FreshNamespaces {
    private static final int CLONE_NEWNS = 0x20000;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final long MS_BIND = 0x1000L;
    private static final long MS_REC_PRIVATE = 0x4000L | 0x40000L;
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;

    private static final MethodHandle UNSHARE = Libc.function("unshare", Libc.INT);
    private static final MethodHandle MOUNT =
            Libc.function(
                    "mount", Libc.POINTER, Libc.POINTER, Libc.POINTER, Libc.LONG, Libc.POINTER);
    private static final MethodHandle SOCKET =
            Libc.function("socket", Libc.INT, Libc.INT, Libc.INT);
    private static final MethodHandle LISTEN = Libc.function("listen", Libc.INT, Libc.INT);
    private static final MethodHandle CLOSE = Libc.function("close", Libc.INT);

    private FreshNamespaces() {}

    /// What lives on after the visit: a process inside, and a listening socket of this process.
    public record Left(Process process, int socket) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly();
            Libc.call("close", "socket", (_, state) -> (int) CLOSE.invokeExact(state, socket));
        }
    }

    /// A folder to be seen there once more, without what is mounted on or below it.
    public record Uncovered(Path folder, Path at) {}

    /// Goes in, mounts an empty file system over a folder where only the inside sees it, listens on
    /// a TCP port chosen by the kernel, and starts a program there.
    ///
    /// Throws [KernelRefusedException] where this is not permitted.
    ///
    /// @param uncovered through the root of the program's process, in `/proc`, others see it too
    public static Left visit(Path mountPoint, List<Uncovered> uncovered, ProcessBuilder program) {
        var left = new CompletableFuture<Left>();
        // a namespace belongs to a thread: a thread of its own, never used for anything else
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            try {
                                left.complete(inside(mountPoint, uncovered, program));
                            } catch (IOException | RuntimeException e) {
                                left.completeExceptionally(e);
                            }
                        });
        try {
            return left.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof KernelRefusedException refused) {
                throw refused;
            }
            throw e;
        }
    }

    private static Left inside(Path mountPoint, List<Uncovered> uncovered, ProcessBuilder program)
            throws IOException {
        Libc.call(
                "unshare",
                "thread",
                (_, state) -> (int) UNSHARE.invokeExact(state, CLONE_NEWNS | CLONE_NEWNET));
        mount("none", "/", "", MS_REC_PRIVATE);
        for (Uncovered bind : uncovered) {
            mount(bind.folder().toString(), bind.at().toString(), "", MS_BIND);
        }
        mount("tmpfs", mountPoint.toString(), "tmpfs", 0);
        int socket =
                Libc.call(
                        "socket",
                        "tcp",
                        (_, state) ->
                                (int) SOCKET.invokeExact(state, AF_INET, SOCK_STREAM_CLOEXEC, 0));
        Libc.call("listen", "socket", (_, state) -> (int) LISTEN.invokeExact(state, socket, 1));
        return new Left(program.start(), socket);
    }

    private static void mount(String source, String target, String type, long flags) {
        Libc.call(
                "mount",
                target,
                (arena, state) ->
                        (int)
                                MOUNT.invokeExact(
                                        state,
                                        arena.allocateFrom(source),
                                        arena.allocateFrom(target),
                                        arena.allocateFrom(type),
                                        flags,
                                        MemorySegment.NULL));
    }
}
