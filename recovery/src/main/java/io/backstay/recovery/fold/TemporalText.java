package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// Dates and times, in the old decimal layouts and in those of MySQL 5.6.
///
/// | Type | Bytes, big endian | Value |
/// | --- | --- | --- |
/// | TIME2 | 3 + fraction | (hour << 12, minute << 6, second) + 0x800000; a negative time's fraction counts down |
/// | DATETIME2 | 5 + fraction | ((year * 13 + month) << 22, day << 17, hour << 12, minute << 6, second) + 0x8000000000 |
/// | TIMESTAMP2 | 4 + fraction | Unix time, 0 for the zero date |
///
/// The fraction: 1, 2 or 3 bytes for 1-2, 3-4, 5-6 digits, in units of the even digit. Source:
/// MySQL internals manual, "Date and Time Data Type Representation".
final class TemporalText {
    private static final int[] MICROS_PER_UNIT = {1, 10_000, 100, 1};

    private TemporalText() {}

    static void date(MemorySegment s, long at, RowBuffer out) {
        int value = (int) Bytes.little(s, at, 3);
        putDate(value >> 9, (value >> 5) & 15, value & 31, out);
    }

    static void year(MemorySegment s, long at, RowBuffer out) {
        int value = Bytes.uint8(s, at);
        out.putDigits(value == 0 ? 0 : 1900 + value, 4);
    }

    static void oldTime(MemorySegment s, long at, RowBuffer out) {
        long value = Bytes.signed(s, at, 3);
        if (value < 0) {
            out.put('-');
            value = -value;
        }
        putTime(value / 10000, value / 100 % 100, value % 100, out);
    }

    static void oldDateTime(MemorySegment s, long at, RowBuffer out) {
        long value = Bytes.little(s, at, 8);
        long date = value / 1_000_000;
        long time = value % 1_000_000;
        putDate(date / 10000, date / 100 % 100, date % 100, out);
        out.put(' ');
        putTime(time / 10000, time / 100 % 100, time % 100, out);
    }

    static void oldTimestamp(MemorySegment s, long at, RowBuffer out) {
        putUnixTime(Bytes.little(s, at, 4), 0, out);
    }

    static void time(MemorySegment s, long at, int digits, RowBuffer out) {
        int fractionBytes = (digits + 1) / 2;
        int bits = 8 * (3 + fractionBytes);
        long value = Bytes.big(s, at, 3 + fractionBytes) - (1L << (bits - 1));
        if (value < 0) {
            out.put('-');
            value = -value;
        }
        long whole = value >> (8 * fractionBytes);
        long fraction = value & ((1L << (8 * fractionBytes)) - 1);
        putTime(whole >> 12, (whole >> 6) & 63, whole & 63, out);
        putFraction(fraction * MICROS_PER_UNIT[fractionBytes], digits, out);
    }

    static void dateTime(MemorySegment s, long at, int digits, RowBuffer out) {
        long whole = Bytes.big(s, at, 5) - 0x80_0000_0000L;
        long yearMonth = whole >> 22;
        putDate(yearMonth / 13, yearMonth % 13, (whole >> 17) & 31, out);
        out.put(' ');
        putTime((whole >> 12) & 31, (whole >> 6) & 63, whole & 63, out);
        putFraction(fraction(s, at + 5, digits), digits, out);
    }

    static void timestamp(MemorySegment s, long at, int digits, RowBuffer out) {
        long seconds = Bytes.big(s, at, 4);
        long micros = fraction(s, at + 4, digits);
        putUnixTime(seconds, micros, out);
        putFraction(micros, digits, out);
    }

    private static long fraction(MemorySegment s, long at, int digits) {
        int bytes = (digits + 1) / 2;
        return Bytes.big(s, at, bytes) * MICROS_PER_UNIT[bytes];
    }

    private static void putUnixTime(long seconds, long micros, RowBuffer out) {
        if (seconds == 0 && micros == 0) {
            out.putAscii("0000-00-00 00:00:00");
            return;
        }
        LocalDateTime time =
                LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
        putDate(time.getYear(), time.getMonthValue(), time.getDayOfMonth(), out);
        out.put(' ');
        putTime(time.getHour(), time.getMinute(), time.getSecond(), out);
    }

    private static void putDate(long year, long month, long day, RowBuffer out) {
        out.putDigits(year, 4);
        out.put('-');
        out.putDigits(month, 2);
        out.put('-');
        out.putDigits(day, 2);
    }

    private static void putTime(long hour, long minute, long second, RowBuffer out) {
        out.putDigits(hour, hour > 99 ? 3 : 2);
        out.put(':');
        out.putDigits(minute, 2);
        out.put(':');
        out.putDigits(second, 2);
    }

    private static void putFraction(long micros, int digits, RowBuffer out) {
        if (digits > 0) {
            out.put('.');
            long scale = 1;
            for (int i = digits; i < 6; i++) {
                scale *= 10;
            }
            out.putDigits(micros / scale, digits);
        }
    }
}
