package io.backstay.doors.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// An open file, for asking the kernel who else uses it, and for locking it.
///
/// The locks are open file description locks: they belong to this descriptor (and to children that
/// inherit it), not to the process, so nothing else in this JVM can drop them. Close it to let go.
/// Source: fcntl(2), "Open file description locks" and "Leases".
///
/// `struct flock`, 64-bit Linux:
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 2 | `l_type` |
/// | 2 | 2 | `l_whence` |
/// | 8 | 8 | `l_start`, bytes |
/// | 16 | 8 | `l_len`, bytes, 0 = to the end |
/// | 24 | 4 | `l_pid`, must be 0 for these locks |
public final class Descriptor implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NOFOLLOW =
            System.getProperty("os.arch", "").equals("aarch64") ? 0x8000 : 0x20000;
    private static final int O_EXCL = 0x80;
    private static final int F_SETSIG = 10;
    private static final int SIGURG = 23; // ignored unless somebody asks for it
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_SETLEASE = 1024;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    private static final MethodHandle OPEN =
            Libc.variadic(2, "open", Libc.POINTER, Libc.INT, Libc.INT);
    private static final MethodHandle FCNTL_POINTER =
            Libc.variadic(2, "fcntl", Libc.INT, Libc.INT, Libc.POINTER);
    private static final MethodHandle FCNTL_INT =
            Libc.variadic(2, "fcntl", Libc.INT, Libc.INT, Libc.INT);
    private static final MethodHandle CLOSE = Libc.function("close", Libc.INT);

    private final int number;
    private final String name;
    private boolean isLocked;

    private Descriptor(int number, String name) {
        this.number = number;
        this.name = name;
    }

    /// Opens for asking only; never follows a link in the last place, never waits for a pipe.
    public static Descriptor openToLook(Path file) {
        return open(file, O_RDONLY | O_NONBLOCK);
    }

    /// Opens so that it can be locked.
    public static Descriptor openToLock(Path file) {
        return open(file, O_RDWR | O_NONBLOCK);
    }

    /// Claims a block device for itself, as mount, md and dm do. A claim that another has is
    /// `EBUSY`, in whatever mount namespace that other lives. Source: open(2), `O_EXCL` without
    /// `O_CREAT`.
    public static Descriptor openExclusively(Path device) {
        return open(device, O_RDONLY | O_NONBLOCK | O_EXCL);
    }

    private static Descriptor open(Path file, int flags) {
        String name = file.toString();
        int number =
                Libc.call(
                        "open",
                        name,
                        (arena, state) ->
                                (int)
                                        OPEN.invokeExact(
                                                state,
                                                arena.allocateFrom(name),
                                                flags | O_NOFOLLOW | O_CLOEXEC,
                                                0));
        return new Descriptor(number, name);
    }

    /// The number by which this process knows it.
    public int number() {
        return number;
    }

    /// Whether anybody holds a lock on any part, in whatever namespace; takes nothing.
    public boolean isLockedElsewhere() {
        short[] type = new short[1];
        Libc.call(
                "fcntl F_OFD_GETLK",
                name,
                (arena, state) -> {
                    MemorySegment lock = writeLock(arena);
                    int result = (int) FCNTL_POINTER.invokeExact(state, number, F_OFD_GETLK, lock);
                    type[0] = lock.get(java.lang.foreign.ValueLayout.JAVA_SHORT, 0);
                    return result;
                });
        return type[0] != F_UNLCK;
    }

    /// Takes a write lock on the whole file.
    ///
    /// @return false if somebody else has one
    public boolean tryLock() {
        isLocked =
                !refusedWithAgain(
                        () ->
                                Libc.call(
                                        "fcntl F_OFD_SETLK",
                                        name,
                                        (arena, state) ->
                                                (int)
                                                        FCNTL_POINTER.invokeExact(
                                                                state,
                                                                number,
                                                                F_OFD_SETLK,
                                                                writeLock(arena))));
        return isLocked;
    }

    /// Whether the lock was taken through this descriptor.
    boolean isLocked() {
        return isLocked;
    }

    /// Whether anybody else has the file open or mapped, in whatever namespace and however little
    /// of that process may be read: the kernel grants a write lease to the only opener alone. The
    /// lease is given back at once; an open that falls into that instant waits for it.
    public boolean isOpenElsewhere() {
        // an open that breaks the lease sends a signal, by default one that ends this process
        setInt("fcntl F_SETSIG", F_SETSIG, SIGURG);
        boolean refused = refusedWithAgain(() -> setInt("fcntl F_SETLEASE", F_SETLEASE, F_WRLCK));
        if (!refused) {
            setInt("fcntl F_SETLEASE", F_SETLEASE, F_UNLCK);
        }
        return refused;
    }

    private void setInt(String call, int command, int value) {
        Libc.call(
                call,
                name,
                (_, state) -> (int) FCNTL_INT.invokeExact(state, number, command, value));
    }

    private static MemorySegment writeLock(Arena arena) {
        MemorySegment lock = arena.allocate(32, 8);
        lock.set(java.lang.foreign.ValueLayout.JAVA_SHORT, 0, F_WRLCK);
        return lock;
    }

    private static boolean refusedWithAgain(Runnable call) {
        try {
            call.run();
            return false;
        } catch (KernelRefusedException e) {
            if (e.errno() == KernelRefusedException.EAGAIN
                    || e.errno() == KernelRefusedException.EACCES) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        Libc.call("close", name, (_, state) -> (int) CLOSE.invokeExact(state, number));
    }
}
