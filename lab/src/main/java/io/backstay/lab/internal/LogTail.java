package io.backstay.lab.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The last lines of a server's log that were written after a point in it.
public final class LogTail {
    private static final int LINES = 12;

    private LogTail() {}

    /// @param fromBytes what lies before belongs to earlier starts
    public static String of(Path log, long fromBytes) {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.min(fromBytes, all.length);
            List<String> lines =
                    new String(all, from, all.length - from, StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank())
                            .toList();
            return String.join(
                    "\n",
                    lines.subList(Math.max(0, lines.size() - LINES), lines.size()).stream()
                            .map(line -> "  " + line)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
