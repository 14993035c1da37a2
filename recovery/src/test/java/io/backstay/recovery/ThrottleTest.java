package io.backstay.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long SECOND = 1_000_000_000;

    /// An origin that makes the clock overflow within a test, as `System.nanoTime` may.
    private long nowNanos = Long.MAX_VALUE - SECOND;

    @Test
    void bytesTakeTheirTimeAtTheRate() {
        Throttle throttle = at(1_000);
        assertThat(throttle.waitNanos(500)).isEqualTo(SECOND / 2);
    }

    @Test
    void aWaitThatIsNotMadeIsPartOfTheNext() {
        Throttle throttle = at(1_000);
        throttle.waitNanos(500);
        nowNanos += SECOND / 10;
        assertThat(throttle.waitNanos(250)).isEqualTo(SECOND * 65 / 100);
    }

    @Test
    void theTimeThatReadingTookIsNotWaitedAgain() {
        Throttle throttle = at(1_000);
        nowNanos += SECOND / 20;
        assertThat(throttle.waitNanos(500)).isEqualTo(SECOND * 45 / 100);
    }

    @Test
    void anIdleHourSavesUpATenthOfASecond() {
        Throttle throttle = at(1_000);
        throttle.waitNanos(500);
        nowNanos += 3_600 * SECOND;
        assertThat(throttle.waitNanos(100)).isZero();
        assertThat(throttle.waitNanos(100)).isEqualTo(SECOND / 10);
    }

    @Test
    void piecesOfLessThanANanosecondAreNotFree() {
        Throttle throttle = at(3 * SECOND);
        long wait = 0;
        for (int i = 0; i < 3_000_000; i++) {
            wait = throttle.waitNanos(1);
        }
        assertThat(wait).isEqualTo(1_000_000);
    }

    @Test
    void theLargestPieceAtTheSlowestRateDoesNotOverflow() {
        assertThat(at(1).waitNanos(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE * SECOND);
        assertThat(at(1L << 40).waitNanos(Integer.MAX_VALUE)).isEqualTo(SECOND / 512 - 1);
    }

    @Test
    void noLimitIsNoWait() {
        Throttle throttle = Throttle.of(Rate.unlimited());
        assertThat(throttle.waitNanos(Integer.MAX_VALUE)).isZero();
        assertThat(throttle.waitNanos(Integer.MAX_VALUE)).isZero();
    }

    @Test
    void inAnyStretchNoMorePassesThanTheRateAllows() {
        for (long seed = 1; seed <= 500; seed++) {
            assertThat(mostAbove(new Random(seed))).as("seed %d", seed).isLessThanOrEqualTo(1);
        }
    }

    /// Reads pieces with idle times between; the most by which a stretch that ends with a wait was
    /// above what its time and the saved tenth of a second allow, in bytes.
    private long mostAbove(Random random) {
        long rate = 1 + random.nextLong(1L << (1 + random.nextInt(40)));
        Throttle throttle = at(rate);
        int count = 60;
        long[] begins = new long[count];
        long[] ends = new long[count];
        int[] bytes = new int[count];
        for (int i = 0; i < count; i++) {
            nowNanos += random.nextInt(4) == 0 ? random.nextLong(SECOND) : 0;
            begins[i] = nowNanos;
            bytes[i] = random.nextInt((int) Math.min(1 << 24, 1 + rate));
            nowNanos += throttle.waitNanos(bytes[i]);
            ends[i] = nowNanos;
        }
        long most = 0;
        for (int from = 0; from < count; from++) {
            double passed = 0;
            for (int to = from; to < count; to++) {
                passed += bytes[to];
                double nanos = ends[to] - begins[from] + (double) Throttle.SAVED_NANOS;
                // a wait is whole nanoseconds, one too short at most
                most = Math.max(most, (long) (passed - (nanos + 1) * rate / SECOND));
            }
        }
        return most;
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new Rate(0)).hasMessage("not a rate: 0");
    }

    private Throttle at(long bytesPerSecond) {
        return new Throttle(new Rate(bytesPerSecond), () -> nowNanos);
    }
}
