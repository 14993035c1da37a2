package io.backstay.guard.internal;

import java.util.Optional;

/// One line of `maps` that a file stands behind: `START-END MODE OFFSET MAJOR:MINOR INODE NAME`.
/// Source: proc(5).
///
/// @param range its name in `map_files`
/// @param name as the kernel prints it
record MappedFile(String range, boolean isShared, FileKey key, String name) {
    private static final int FIELDS = 6;

    /// Empty for memory that is no file's.
    static Optional<MappedFile> parse(String line) {
        String[] fields = line.split(" +", FIELDS);
        if (fields.length < FIELDS || fields[4].equals("0")) {
            return Optional.empty();
        }
        String[] device = fields[3].split(":");
        var key =
                new FileKey(
                        FileKey.device(
                                Integer.parseInt(device[0], 16), Integer.parseInt(device[1], 16)),
                        Long.parseLong(fields[4]));
        return Optional.of(new MappedFile(fields[0], fields[1].endsWith("s"), key, fields[5]));
    }

    /// Nodes of devices are elsewhere seldom, and seldom mapped there without being shared.
    boolean mayBeDevice() {
        return isShared || name.startsWith("/dev/");
    }
}
