package io.backstay.guard;

import io.backstay.doors.kernel.Descriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Ways to hold a file that Java has no words for. Source: unix(7), io_uring_register(2),
/// unshare(2).
public final class KernelCalls {
    private static final long SYS_IO_URING_SETUP = 425;
    private static final long SYS_IO_URING_REGISTER = 427;
    private static final long REGISTER_FILES = 2;
    private static final int CLONE_FS = 0x200;
    private static final int CLONE_FILES = 0x400;
    private static final MethodHandle SYSCALL =
            handle(
                    "syscall",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle UNSHARE = ints("unshare", 1);
    private static final MethodHandle CLOSE = ints("close", 1);
    private static final MethodHandle CHDIR =
            handle("chdir", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle SOCKETPAIR =
            handle(
                    "socketpair",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS));
    private static final MethodHandle SENDMSG =
            handle(
                    "sendmsg",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT));

    private KernelCalls() {}

    private static MethodHandle handle(
            String name, FunctionDescriptor shape, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, options);
    }

    private static MethodHandle ints(String name, int count) {
        var parameters = new ValueLayout[count];
        java.util.Arrays.fill(parameters, ValueLayout.JAVA_INT);
        return handle(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
    }

    private interface Call {
        long run(Arena arena) throws Throwable;
    }

    private static int call(String name, Call call) {
        try (Arena arena = Arena.ofConfined()) {
            long result = call.run(arena);
            if (result < 0) {
                throw new AssertionError(name + " failed");
            }
            return (int) result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Until it is closed.
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private static Held closing(int... descriptors) {
        return () -> {
            for (int descriptor : descriptors) {
                call("close", _ -> (int) CLOSE.invokeExact(descriptor));
            }
        };
    }

    /// The file is on its way from one socket to another; no process has it open.
    static Held inFlight(Path file) {
        try (Descriptor open = Descriptor.openToLook(file)) {
            return inFlight(open.number());
        }
    }

    /// The same for whatever this process has open by that number.
    public static Held inFlight(int descriptor) {
        int[] pair = new int[2];
        call(
                "sendmsg",
                arena -> {
                    MemorySegment both = arena.allocate(8, 4);
                    int made = (int) SOCKETPAIR.invokeExact(1, 1, 0, both);
                    pair[0] = both.get(ValueLayout.JAVA_INT, 0);
                    pair[1] = both.get(ValueLayout.JAVA_INT, 4);
                    MemorySegment part = arena.allocate(16, 8);
                    part.set(ValueLayout.ADDRESS, 0, arena.allocate(1));
                    part.set(ValueLayout.JAVA_LONG, 8, 1);
                    MemorySegment rights = arena.allocate(24, 8);
                    rights.set(ValueLayout.JAVA_LONG, 0, 20);
                    rights.set(ValueLayout.JAVA_INT, 8, 1);
                    rights.set(ValueLayout.JAVA_INT, 12, 1);
                    rights.set(ValueLayout.JAVA_INT, 16, descriptor);
                    MemorySegment message = arena.allocate(56, 8);
                    message.set(ValueLayout.ADDRESS, 16, part);
                    message.set(ValueLayout.JAVA_LONG, 24, 1);
                    message.set(ValueLayout.ADDRESS, 32, rights);
                    message.set(ValueLayout.JAVA_LONG, 40, 24);
                    return made < 0 ? -1 : (long) SENDMSG.invokeExact(pair[0], message, 0);
                });
        return closing(pair);
    }

    /// An io_uring holds the file; its descriptor is closed.
    static Held registered(Path file) {
        try (Descriptor open = Descriptor.openToLook(file)) {
            int ring =
                    call(
                            "io_uring_setup",
                            arena ->
                                    (long)
                                            SYSCALL.invokeExact(
                                                    SYS_IO_URING_SETUP,
                                                    8L,
                                                    arena.allocate(120, 8).address(),
                                                    MemorySegment.NULL,
                                                    0L));
            call(
                    "io_uring_register",
                    arena ->
                            (long)
                                    SYSCALL.invokeExact(
                                            SYS_IO_URING_REGISTER,
                                            (long) ring,
                                            REGISTER_FILES,
                                            arena.allocateFrom(ValueLayout.JAVA_INT, open.number()),
                                            1L));
            return closing(ring);
        }
    }

    /// Gives this thread tables of open files and folders of its own, for good.
    static void separateThisThread() {
        call("unshare", _ -> (int) UNSHARE.invokeExact(CLONE_FS | CLONE_FILES));
    }

    /// Changes the working directory of this thread, which must have one of its own.
    static void changeFolder(Path folder) {
        call("chdir", arena -> (int) CHDIR.invokeExact(arena.allocateFrom(folder.toString())));
    }
}
