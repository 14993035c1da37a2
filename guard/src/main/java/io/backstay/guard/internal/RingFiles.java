package io.backstay.guard.internal;

import java.util.List;
import java.util.Optional;

/// The files that an io_uring holds by itself, as `fdinfo` tells them: `UserFiles: N`, then a line
/// `INDEX: NAME` for each. Source: Linux, `io_uring/fdinfo.c`.
///
/// One that is being submitted to says nothing, or the number alone.
final class RingFiles {
    private static final String HEADER = "UserFiles:";

    private RingFiles() {}

    /// Names as the kernel escapes them; empty if it did not tell.
    static Optional<List<String>> told(String fdinfo) {
        List<String> lines = List.of(fdinfo.split("\n"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(HEADER)) {
                List<String> names =
                        lines.subList(i + 1, lines.size()).stream()
                                .takeWhile(line -> line.startsWith(" "))
                                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                                .toList();
                boolean isNone = lines.get(i).substring(HEADER.length()).strip().equals("0");
                return isNone || !names.isEmpty() ? Optional.of(names) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
