package io.backstay.doors;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A descriptor that stands for one process. Source: pidfd_open(2), pidfd_send_signal(2); both by
/// syscall(2), as older C libraries have no wrapper.
final class Pidfd implements AutoCloseable {
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle SEND =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle CLOSE =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("close"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int descriptor;

    private Pidfd(int descriptor) {
        this.descriptor = descriptor;
    }

    static Pidfd open(long pid) throws ProcessIdentity.NoSuchProcessException {
        long descriptor = call(() -> (long) OPEN.invokeExact(SYS_PIDFD_OPEN, pid, 0L));
        if (descriptor < 0) {
            throw new ProcessIdentity.NoSuchProcessException();
        }
        return new Pidfd((int) descriptor);
    }

    boolean send(int signal) {
        return call(
                        () ->
                                (long)
                                        SEND.invokeExact(
                                                SYS_PIDFD_SEND_SIGNAL,
                                                (long) descriptor,
                                                (long) signal,
                                                MemorySegment.NULL,
                                                0L))
                == 0;
    }

    @Override
    public void close() {
        call(() -> (long) (int) CLOSE.invokeExact(descriptor));
    }

    private interface Call {
        long run() throws Throwable;
    }

    private static long call(Call call) {
        try {
            return call.run();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
