package io.backstay.doors.kernel;

import io.backstay.doors.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/// A program started by [ChildPlan#start], with descriptors of this process that live on in it.
///
/// It outlives this process. Its end must be waited for here, once. Safe for use by several
/// threads. Source: waitpid(2), proc_pid_fd(5), proc_pid_fdinfo(5).
public final class Child {
    private static final int WNOHANG = 1;
    private static final Duration POLL_MIN = Duration.ofMillis(2);
    private static final Duration POLL_MAX = Duration.ofMillis(100);
    private static final MethodHandle WAITPID =
            Libc.function("waitpid", Libc.INT, Libc.POINTER, Libc.INT);

    private final int pid;
    private final List<ChildPlan.Passed> passed;
    private final ProcessIdentity identity;
    private OptionalInt exit = OptionalInt.empty();

    Child(int pid, List<ChildPlan.Passed> passed) {
        this.pid = pid;
        this.passed = passed;
        // nobody else reaps it, so its pid is its own until this object has waited for it
        this.identity = ProcessIdentity.of(pid).orElseGet(() -> new ProcessIdentity("", pid, -1));
    }

    public int pid() {
        return pid;
    }

    /// Whether the program, as it runs now, holds every descriptor that was passed on to it: the
    /// same inode under the number it was told, and the lock with it where there was one.
    ///
    /// @return false also if it has ended
    public synchronized boolean holdsAll() {
        return exit.isEmpty() && passed.stream().allMatch(this::holds);
    }

    private boolean holds(ChildPlan.Passed thing) {
        Path process = Path.of("/proc", Integer.toString(pid));
        try {
            Path descriptor = process.resolve("fd").resolve(Integer.toString(thing.number()));
            String inode = Files.getAttribute(descriptor, "unix:ino").toString();
            String device = Files.getAttribute(descriptor, "unix:dev").toString();
            if (!thing.file().equals(device + ":" + inode)) {
                return false;
            }
            return !thing.isLocked()
                    || Files.readString(
                                    process.resolve("fdinfo")
                                            .resolve(Integer.toString(thing.number())))
                            .contains("OFDLCK");
        } catch (IOException e) {
            return false; // not seen is not held
        }
    }

    /// Waits for its end.
    ///
    /// @return its exit code, or 128 and the number of the signal that ended it; empty at the
    ///   deadline
    public OptionalInt await(Duration deadline) {
        long until = System.nanoTime() + deadline.toNanos();
        long pause = POLL_MIN.toNanos();
        while (true) {
            OptionalInt ended = poll();
            if (ended.isPresent() || System.nanoTime() - until > 0) {
                return ended;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, POLL_MAX.toNanos());
        }
    }

    private synchronized OptionalInt poll() {
        if (exit.isPresent()) {
            return exit;
        }
        int[] status = new int[1];
        int ended =
                Libc.call(
                        "waitpid",
                        Integer.toString(pid),
                        (Arena arena, MemorySegment state) -> {
                            MemorySegment word = arena.allocate(ValueLayout.JAVA_INT);
                            int result = (int) WAITPID.invokeExact(state, pid, word, WNOHANG);
                            status[0] = word.get(ValueLayout.JAVA_INT, 0);
                            return result;
                        });
        if (ended == pid) {
            int signal = status[0] & 0x7f;
            exit = OptionalInt.of(signal == 0 ? (status[0] >> 8) & 0xff : 128 + signal);
        }
        return exit;
    }

    /// @return false if it had ended
    public synchronized boolean signal(ProcessIdentity.Signal signal) {
        return exit.isEmpty() && identity.signal(signal);
    }

    static String fileOf(int descriptor) {
        Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
        try {
            return Files.getAttribute(link, "unix:dev")
                    + ":"
                    + Files.getAttribute(link, "unix:ino");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
