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

    private static long number(Map<String, Object> attributes, String name) {
        Object value = attributes.get(name);
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("no attribute " + name);
    }

    /// A device number from the two numbers that `/proc` prints.
    static long device(int major, int minor) {
        return (minor & 0xffL)
                | ((major & 0xfffL) << 8)
                | ((minor & ~0xffL) << 12)
                | ((major & ~0xfffL) << 32);
    }
}
