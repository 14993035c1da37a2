package io.backstay.lab.internal;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// SQL literals of made-up values, drawn from one seed, each written to the batch.
///
/// Every value is exact: what a server stores is the same on each machine and version. One in
/// eleven of the nullable is NULL.
public final class RandomValues {
    private static final LocalDate FIRST_DAY = LocalDate.of(2015, 1, 1);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final HexFormat HEX = HexFormat.of();

    /// One to four bytes each in UTF-8; quotes and a backslash among them.
    private static final int[] LETTERS =
            "aeinorstu ABKLMZ0123456789'\"\\%äößéñçłøžдёжщλΩאبคあ漢字語€😀🐬🧭𝄞"
                    .codePoints()
                    .toArray();

    private final SplittableRandom random;
    private final InsertBatch batch;

    public RandomValues(SplittableRandom random, InsertBatch batch) {
        this.random = random;
        this.batch = batch;
    }

    /// Both ends included.
    public long whole(long from, long to) {
        return random.nextLong(from, to + 1);
    }

    public void number(long value) {
        batch.value(Long.toString(value));
    }

    public void decimal(long unscaled, int scale) {
        batch.value(java.math.BigDecimal.valueOf(unscaled, scale).toPlainString());
    }

    public void exact(double value) {
        batch.value(Double.toString(value));
    }

    public void doubleOrNull(int i) {
        if (!isNull(i)) {
            exact(i == 1 ? Double.MAX_VALUE / 4 : random.nextInt(-1_000_000, 1_000_000) / 1024.0);
        }
    }

    public void floatOrNull(int i) {
        if (!isNull(i)) {
            exact(random.nextInt(-10_000, 10_000) / 64.0);
        }
    }

    public void bits(int width) {
        batch.value("b'" + Integer.toBinaryString(random.nextInt(1 << width)) + "'");
    }

    /// @param value without quotes
    public void plain(String value) {
        batch.value("'" + value + "'");
    }

    public void oneOf(String... values) {
        plain(values[random.nextInt(values.length)]);
    }

    public void someOf(String... values) {
        StringBuilder some = new StringBuilder();
        for (String value : values) {
            if (random.nextBoolean()) {
                some.append(some.isEmpty() ? "" : ",").append(value);
            }
        }
        plain(some.toString());
    }

    public void text(int from, int to) {
        int length = random.nextInt(from, to + 1);
        StringBuilder text = new StringBuilder(length + 8).append('\'');
        for (int i = 0; i < length; i++) {
            int letter = LETTERS[random.nextInt(LETTERS.length)];
            if (letter == '\'' || letter == '\\') {
                text.append((char) letter);
            }
            text.appendCodePoint(letter);
        }
        batch.value(text.append('\''));
    }

    public void textOrNull(int i, int from, int to) {
        if (!isNull(i)) {
            text(from, to);
        }
    }

    /// Row 1 has every byte value, row 2 no byte at all.
    public void bytesOrNull(int i, int lengthMax) {
        if (isNull(i)) {
            return;
        }
        byte[] bytes = new byte[i == 1 ? 256 : i == 2 ? 0 : random.nextInt(lengthMax / 4)];
        random.nextBytes(bytes);
        if (i == 1) {
            for (int b = 0; b < 256; b++) {
                bytes[b] = (byte) b;
            }
        }
        batch.value("x'" + HEX.formatHex(bytes) + "'");
    }

    /// Sixteen bytes, different for each `i`, in no order.
    public void token(int i) {
        batch.value(
                "x'" + HEX.toHexDigits(i * 0x9E3779B97F4A7C15L) + HEX.toHexDigits((long) i) + "'");
    }

    public void jsonOrNull(int i) {
        if (!isNull(i)) {
            batch.value(
                    "'{\"size\": %d, \"tags\": [\"ä\", \"🐬\"], \"on\": %b}'"
                            .formatted(random.nextInt(100), random.nextBoolean()));
        }
    }

    /// A day after the first one.
    public void date(int days) {
        plain(FIRST_DAY.plusDays(days).toString());
    }

    public void dateOrNull(int i) {
        if (!isNull(i)) {
            plain(i == 1 ? "9999-12-31" : FIRST_DAY.minusDays(random.nextInt(20_000)).toString());
        }
    }

    public void dateTime(int digits) {
        plain(moment(digits));
    }

    public void timestampOrNull(int i, int digits) {
        if (!isNull(i)) {
            plain(moment(digits));
        }
    }

    private String moment(int digits) {
        LocalDateTime second =
                FIRST_DAY.atStartOfDay().plusSeconds(random.nextInt(10 * 365 * 86_400));
        if (digits == 0) {
            return SECONDS.format(second);
        }
        int bound = (int) Math.pow(10, digits);
        return SECONDS.format(second)
                + "."
                + ("%0" + digits + "d").formatted(random.nextInt(bound));
    }

    private boolean isNull(int i) {
        boolean isNull = i % 11 == 3;
        if (isNull) {
            batch.value("null");
        }
        return isNull;
    }
}
