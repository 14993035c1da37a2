package io.backstay.doors.kernel;

import java.lang.invoke.MethodHandle;

/// Whether two threads share what most threads of a process share. Source: kcmp(2), by syscall(2);
/// clone(2), `CLONE_FILES`, `CLONE_FS`.
public final class SharedTables {
    private static final long SYS_KCMP =
            System.getProperty("os.arch", "").equals("aarch64") ? 272 : 312;
    private static final long KCMP_FILES = 2;
    private static final long KCMP_FS = 3;
    private static final MethodHandle SYSCALL =
            Libc.variadic(
                    1, "syscall", Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG);

    private SharedTables() {}

    /// Whether both use the same table of open files. False where the kernel does not say.
    public static boolean files(int thread, int other) {
        return compare(thread, other, KCMP_FILES);
    }

    /// Whether both use the same working directory and root. False where the kernel does not say.
    public static boolean folders(int thread, int other) {
        return compare(thread, other, KCMP_FS);
    }

    private static boolean compare(long thread, long other, long what) {
        try {
            return Libc.call(
                            "kcmp",
                            "thread " + other,
                            (_, state) ->
                                    (int)
                                            SYSCALL.invokeExact(
                                                    state, SYS_KCMP, thread, other, what, 0L, 0L))
                    == 0;
        } catch (KernelRefusedException e) {
            return false;
        }
    }
}
