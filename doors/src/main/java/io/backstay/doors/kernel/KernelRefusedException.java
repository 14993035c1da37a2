package io.backstay.doors.kernel;

/// A system call that the kernel answered with an error number. Source of the numbers: errno(3).
public final class KernelRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int ECONNREFUSED = 111;

    private final int errno;

    KernelRefusedException(String call, String about, int errno) {
        super("%s on %s failed: errno %d".formatted(call, about, errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
