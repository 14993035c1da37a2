package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ThroughputTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void theLongestStallIsBetweenCommitsOutOfOrderToo() {
        assertThat(Throughput.longestStall(at(100, 900, 200), START, START.plusMillis(1000)))
                .isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void theTimeSinceTheLastCommitIsAStall() {
        assertThat(Throughput.longestStall(at(100, 200), START, START.plusMillis(1000)))
                .isEqualTo(Duration.ofMillis(800));
    }

    @Test
    void commitsBeforeTheWindowDoNotShortenIt() {
        assertThat(
                        Throughput.longestStall(
                                at(100, 200), START.plusMillis(300), START.plusMillis(1000)))
                .isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void aStallAroundAStretchEndsWithTheFirstCommitAfterIt() {
        assertThat(around(at(100, 300, 2_000, 2_100), 400, 500)).contains(Duration.ofMillis(1_700));
        assertThat(around(at(100, 450, 600), 400, 500)).contains(Duration.ofMillis(350));
    }

    @Test
    void withoutACommitOnBothSidesThereIsNoEndToAStall() {
        assertThat(around(at(100, 300), 400, 500)).isEmpty();
        assertThat(around(at(600), 400, 500)).isEmpty();
    }

    private static Optional<Duration> around(
            List<AcknowledgedCommit> commits, int fromMillis, int toMillis) {
        return Throughput.longestStallAround(
                commits, START.plusMillis(fromMillis), START.plusMillis(toMillis));
    }

    @Test
    void stretchesWithoutACommitAreInTheSeries() {
        assertThat(Throughput.of(at(0, 10, 250), Duration.ofMillis(100)))
                .extracting(Throughput.Stretch::commits)
                .containsExactly(2, 0, 1);
    }

    private static List<AcknowledgedCommit> at(long... millis) {
        return Stream.of(java.util.Arrays.stream(millis).boxed().toArray(Long[]::new))
                .map(m -> new AcknowledgedCommit(m, "0-1-1", START.plusMillis(m)))
                .toList();
    }
}
