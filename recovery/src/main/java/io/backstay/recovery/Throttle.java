package io.backstay.recovery;

import java.util.function.LongSupplier;

/// Says how long to wait so that a [Rate] is kept; several threads may share one.
///
/// - In any stretch of time no more passes than the rate allows for it, [#SAVED_NANOS] more, and
///   the pieces that were asked for last, one a thread.
/// - A wait that is not made is not forgiven: it is part of the next one.
/// - Time in which nothing passed is not saved up beyond [#SAVED_NANOS], so a pause of the source
///   is followed by no burst.
///
/// It does not wait itself, so that whoever waits can be stopped.
public final class Throttle {
    static final long SAVED_NANOS = 100_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Rate rate;
    private final LongSupplier clockNanos;
    private final long startNanos;
    private long paidNanos;
    private long remainder;

    /// @param clockNanos as [System#nanoTime]: from any origin, never backwards
    public Throttle(Rate rate, LongSupplier clockNanos) {
        this.rate = rate;
        this.clockNanos = clockNanos;
        startNanos = clockNanos.getAsLong();
    }

    public static Throttle of(Rate rate) {
        return new Throttle(rate, System::nanoTime);
    }

    /// Counts bytes that have arrived.
    ///
    /// @param bytes 0 or more
    /// @return nanoseconds to wait before more is read; 0 or more
    public synchronized long waitNanos(int bytes) {
        if (rate.isUnlimited()) {
            return 0;
        }
        long now = clockNanos.getAsLong() - startNanos;
        if (paidNanos < now - SAVED_NANOS) {
            paidNanos = now - SAVED_NANOS;
            remainder = 0;
        }
        // at most 2^31 * 10^9 and a rate: what a division leaves is kept, or small pieces are free
        long due = bytes * SECOND_NANOS + remainder;
        paidNanos += due / rate.bytesPerSecond();
        remainder = due % rate.bytesPerSecond();
        return Math.max(0, paidNanos - now);
    }
}
