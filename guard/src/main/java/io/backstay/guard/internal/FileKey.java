package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/// What the kernel knows a file by, whatever it is called and wherever it is mounted.
///
/// @param device `st_dev`, in the C library's encoding
record FileKey(long device, long inode) {
    private static final int S_IFMT = 0xf000;
    private static final int S_IFBLK = 0x6000;
    static final FileKey UNKNOWN = new FileKey(-1, -1);

    /// Follows links, so that `/proc/PID/fd/N` gives the open file, deleted or not.
    static FileKey of(Path path) throws IOException {
        return from(Files.readAttributes(path, "unix:dev,ino"));
    }

    static FileKey ofEntry(Path path) throws IOException {
        return from(Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS));
    }

    static FileKey from(Map<String, Object> attributes) {
        return new FileKey(number(attributes, "dev"), number(attributes, "ino"));
    }

    /// The number of the block device that a file is; 0 if it is none.
    static long blockDevice(Map<String, Object> attributes) {
        return (number(attributes, "mode") & S_IFMT) == S_IFBLK ? number(attributes, "rdev") : 0;
    }

    private static long number(Map<String, Object> attributes, String name) {
        Object value = attributes.get(name);
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("no attribute " + name);
    }

    static int major(long device) {
        return (int) (((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffL));
    }

    static int minor(long device) {
        return (int) ((device & 0xff) | ((device >> 12) & ~0xffL));
    }

    /// A device number from the two numbers that `/proc` prints.
    static long device(int major, int minor) {
        return (minor & 0xffL)
                | ((major & 0xfffL) << 8)
                | ((minor & ~0xffL) << 12)
                | ((major & ~0xfffL) << 32);
    }
}
