package io.backstay.recovery.backup;

import io.backstay.doors.Time;
import io.backstay.recovery.Throttle;
import io.backstay.recovery.rows.RowSink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/// Rows on their way to a sink, at a [io.backstay.recovery.Rate]: while it waits nothing is read,
/// and the server waits with it. One thread; the throttle may be shared.
final class ThrottledRows implements RowSink {
    /// So many bytes are counted at once, as a wait for every row would be mostly too short.
    static final int STEP_BYTES = 64 << 10;

    private final RowSink rows;
    private final Throttle throttle;
    private final Time time;
    private int uncounted;

    ThrottledRows(RowSink rows, Throttle throttle, Time time) {
        this.rows = rows;
        this.throttle = throttle;
        this.time = time;
    }

    @Override
    public void row(byte[] row, int from, int count) throws IOException {
        rows.row(row, from, count);
        uncounted += count + 1;
        if (uncounted < STEP_BYTES) {
            return;
        }
        long waitNanos = throttle.waitNanos(uncounted);
        uncounted = 0;
        if (waitNanos > 0) {
            await(waitNanos);
        }
    }

    private void await(long nanos) throws IOException {
        try {
            time.sleep(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var stopped = new InterruptedIOException("stopped while it kept the rate");
            stopped.initCause(e);
            throw stopped;
        }
    }
}
