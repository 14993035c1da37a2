package io.backstay.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Times, durations and counts as the report writes them. All times are UTC.
public final class Wording {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private Wording() {}

    public static String clock(Instant at) {
        return CLOCK.format(at);
    }

    public static String day(Instant at) {
        return DAY.format(at);
    }

    /// `85 ms`, `4.2 s`, `3 min 07 s`.
    public static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return "%.1f s".formatted(Math.floor(millis / 100.0) / 10);
        }
        return "%d min %02d s".formatted(duration.toMinutes(), duration.toSecondsPart());
    }

    /// `1,234,567`.
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// The first 12 digits of a digest; what is shorter is left whole.
    public static String shortened(String digest) {
        return digest.length() <= 12 ? digest : digest.substring(0, 12) + "…";
    }

    /// Width of a bar, percent of the longest, for a style attribute; at least a hair where there
    /// is anything.
    public static String percent(Duration part, Duration longest) {
        if (part.isZero() || longest.isZero()) {
            return "0";
        }
        return String.format(
                Locale.ROOT, "%.2f", Math.max(0.4, 100.0 * part.toNanos() / longest.toNanos()));
    }

    /// `14 passed, 1 not covered`: only what there is, failures first.
    public static String tally(List<Outcome> outcomes) {
        return Stream.of(Outcome.FAILED, Outcome.PASSED, Outcome.NOT_COVERED)
                .filter(outcomes::contains)
                .map(o -> outcomes.stream().filter(found -> found == o).count() + " " + o.word())
                .reduce((a, b) -> a + ", " + b)
                .orElse("no claim was tried");
    }
}
