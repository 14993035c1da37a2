package io.backstay.lab;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waiting for something outside this process to become true, with a deadline.
final class Await {
    private Await() {}

    /// Looks again and again, first at once.
    ///
    /// @return false if it was not true at the deadline
    static boolean until(Duration deadline, Duration every, BooleanSupplier isTrue) {
        long endNanos = System.nanoTime() + deadline.toNanos();
        while (!isTrue.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                return false;
            }
            pause(every);
        }
        return true;
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
