package io.backstay.cli;

import io.backstay.recovery.RecoveryListener;
import java.util.HashMap;
import java.util.Map;

/// Tells on standard error how a backup or a restore goes on: each table about once a second with
/// its rate, and when it is done.
final class RecoveryProgress implements RecoveryListener {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final Console console;
    private final Map<String, Long> started = new HashMap<>();
    private final Map<String, Long> told = new HashMap<>();

    RecoveryProgress(Console console) {
        this.console = console;
    }

    @Override
    public void phase(String name) {
        console.say(name + " ...");
    }

    @Override
    public synchronized void table(String qualifiedName, long rows, long bytes, boolean isDone) {
        long now = System.nanoTime();
        long since = started.computeIfAbsent(qualifiedName, _ -> now);
        long last = told.computeIfAbsent(qualifiedName, _ -> now);
        if (!isDone && now - last < EVERY_NANOS) {
            return;
        }
        told.put(qualifiedName, now);
        double seconds = Math.max(1e-3, (now - since) / 1e9);
        console.say(
                "  %-40s %12d rows %9.1f MB %7.1f MB/s%s"
                        .formatted(
                                qualifiedName,
                                rows,
                                bytes / 1e6,
                                bytes / 1e6 / seconds,
                                isDone ? "  done" : ""));
    }

    @Override
    public void note(String text) {
        console.say("note: " + text);
    }
}
