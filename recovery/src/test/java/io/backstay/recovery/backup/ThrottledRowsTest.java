package io.backstay.recovery.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Time;
import io.backstay.recovery.Rate;
import io.backstay.recovery.Throttle;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThrottledRowsTest {
    private static final byte[] ROW = new byte[1_000];
    private final HandClock clock = new HandClock();
    private long rowsSeen;

    @Test
    void rowsTakeTheirTimeAtTheRateOnAClockThatOnlyWaitsMove() throws Exception {
        ThrottledRows rows = at(1_000_000);
        for (int i = 0; i < 10_000; i++) {
            rows.row(ROW, 0, ROW.length - 1);
        }
        assertThat(rowsSeen).isEqualTo(10_000);
        // 10 MB are 10 s; less than a step is not counted yet
        assertThat(clock.nanos)
                .isBetween(10_000_000_000L - ThrottledRows.STEP_BYTES * 1_000L, 10_000_000_000L);
    }

    @Test
    void twoSessionsShareOneRate() throws Exception {
        var throttle = new Throttle(new Rate(1_000_000), () -> clock.nanos);
        var first = new ThrottledRows((text, from, count) -> {}, throttle, clock);
        var second = new ThrottledRows((text, from, count) -> {}, throttle, clock);
        for (int i = 0; i < 5_000; i++) {
            first.row(ROW, 0, ROW.length - 1);
            second.row(ROW, 0, ROW.length - 1);
        }
        assertThat(clock.nanos)
                .isBetween(
                        10_000_000_000L - 2 * ThrottledRows.STEP_BYTES * 1_000L, 10_000_000_000L);
    }

    @Test
    void withoutALimitNothingWaits() throws Exception {
        ThrottledRows rows = at(Long.MAX_VALUE);
        for (int i = 0; i < 1_000; i++) {
            rows.row(ROW, 0, ROW.length - 1);
        }
        assertThat(clock.nanos).isZero();
    }

    @Test
    void aWaitIsStoppedByAnInterrupt() {
        clock.isInterrupted = true;
        ThrottledRows rows = at(1_000);
        assertThatThrownBy(() -> rows.row(new byte[1 << 20], 0, (1 << 20) - 1))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("stopped while it kept the rate");
        assertThat(Thread.interrupted()).isTrue();
    }

    private ThrottledRows at(long bytesPerSecond) {
        return new ThrottledRows(
                (text, from, count) -> rowsSeen++,
                new Throttle(new Rate(bytesPerSecond), () -> clock.nanos),
                clock);
    }

    /// Moved by waits alone.
    private static final class HandClock implements Time {
        private long nanos;
        private boolean isInterrupted;

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public Duration sinceBoot() {
            return Duration.ofNanos(nanos);
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (isInterrupted) {
                throw new InterruptedException();
            }
            nanos += duration.toNanos();
        }
    }
}
