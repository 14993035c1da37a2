package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One line of `stat`, of a process or a thread. Source: proc(5).
///
/// @param name `comm`
/// @param startTicks tells it from a later one with the same number
record ProcessStat(String name, char state, long flags, long threads, long startTicks) {
    private static final long PF_KTHREAD = 0x00200000L;

    /// Empty if it has ended.
    ///
    /// @param folder of the process or thread, in `/proc`
    /// @throws IOException if it is there and cannot be read
    static Optional<ProcessStat> find(Path folder) throws IOException {
        try {
            return Optional.of(
                    parse(Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            if (Files.notExists(folder)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static ProcessStat parse(String text) {
        int behind = text.lastIndexOf(')');
        String[] fields = text.substring(behind + 2).split(" ");
        return new ProcessStat(
                text.substring(text.indexOf('(') + 1, behind),
                fields[0].charAt(0),
                Long.parseLong(fields[6]),
                Long.parseLong(fields[17]),
                Long.parseLong(fields[19]));
    }

    boolean isKernelThread() {
        return (flags & PF_KTHREAD) != 0;
    }

    boolean isZombie() {
        return state == 'X' || state == 'Z';
    }

    /// A zombie whose other threads still run holds its files: it is not gone.
    boolean isGone() {
        return state == 'X' || (isZombie() && threads <= 1);
    }
}
