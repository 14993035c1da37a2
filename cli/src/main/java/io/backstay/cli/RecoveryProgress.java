package io.backstay.cli;

import io.backstay.recovery.RecoveryListener;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells on standard error how a backup or a restore goes on: each table about once a second with
/// its rate, and when it is done; where the whole is known, the minutes left.
///
/// With `--output json` each line is one JSON document.
final class RecoveryProgress implements RecoveryListener {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final Console console;
    private long expectedBytes;
    private final long begun = System.nanoTime();
    private final Map<String, Long> started = new HashMap<>();
    private final Map<String, Long> told = new HashMap<>();
    private final Map<String, Long> bytesByTable = new HashMap<>();

    RecoveryProgress(Console console) {
        this.console = console;
    }

    @Override
    public synchronized void expected(long bytes) {
        expectedBytes = bytes;
    }

    @Override
    public void phase(String name) {
        say(name + " ...", Map.of("phase", name));
    }

    @Override
    public synchronized void table(String qualifiedName, long rows, long bytes, boolean isDone) {
        long now = System.nanoTime();
        bytesByTable.put(qualifiedName, bytes);
        long since = started.computeIfAbsent(qualifiedName, _ -> now);
        long last = told.computeIfAbsent(qualifiedName, _ -> now);
        if (!isDone && now - last < EVERY_NANOS) {
            return;
        }
        told.put(qualifiedName, now);
        double rate = bytes / Math.max(1e-3, (now - since) / 1e9);
        double left = minutesLeft(now);
        var line = new LinkedHashMap<String, Object>();
        line.put("table", qualifiedName);
        line.put("rows", rows);
        line.put("bytes", bytes);
        line.put("bytesPerSecond", Math.round(rate));
        line.put("done", isDone);
        if (left >= 0) {
            line.put("minutesLeft", Math.round(10 * left) / 10.0);
        }
        say(
                "  %-40s %12d rows %9.1f MB %7.1f MB/s%s%s"
                        .formatted(
                                qualifiedName,
                                rows,
                                bytes / 1e6,
                                rate / 1e6,
                                isDone ? "  done" : "",
                                left >= 0 ? "  %.1f min left".formatted(left) : ""),
                line);
    }

    @Override
    public void note(String text) {
        say("note: " + text, Map.of("note", text));
    }

    /// By the rate of all tables so far; negative if that cannot be told. The log's net changes may
    /// make it more or less.
    private double minutesLeft(long now) {
        long done = bytesByTable.values().stream().mapToLong(Long::longValue).sum();
        if (expectedBytes == 0 || done == 0) {
            return -1;
        }
        double rate = done / Math.max(1e-3, (now - begun) / 1e9);
        return Math.max(0, expectedBytes - done) / rate / 60;
    }

    private void say(String text, Map<String, ?> line) {
        console.say(console.isJson() ? JsonDocument.write(line) : text);
    }
}
