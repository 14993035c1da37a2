package io.backstay.binlog.value;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.time.ZoneOffset;

/// Dates and times of both generations as text. TIMESTAMP is told in UTC. Zero dates and dates with
/// zero parts stay what they are.
///
/// | Type | Layout |
/// | --- | --- |
/// | TIME2 | 3 bytes + 0x800000: hours 10 bits, minutes 6, seconds 6; then the fraction |
/// | DATETIME2 | 5 bytes + 0x8000000000: year * 13 + month 17 bits, day 5, hours 5, minutes 6, seconds 6; then the fraction |
/// | TIMESTAMP2 | 4 bytes, seconds since 1970; then the fraction |
/// | fraction | (digits + 1) / 2 bytes, units of 10^-2, 10^-4 or 10^-6 s; of a negative time counted upwards from the whole |
///
/// All big endian. The older layouts are in [io.backstay.binlog.ColumnType]. Source: MySQL source,
/// `my_time.cc`.
final class TemporalValue {
    private TemporalValue() {}

    static String date(MemorySegment s, long at) {
        long value = Numbers.little(s, at, 3);
        return "%04d-%02d-%02d".formatted(value >> 9, value >> 5 & 15, value & 31);
    }

    static String oldTime(MemorySegment s, long at) {
        long value = Numbers.signExtended(Numbers.little(s, at, 3), 3);
        long digits = Math.abs(value);
        return "%s%02d:%02d:%02d"
                .formatted(value < 0 ? "-" : "", digits / 10000, digits / 100 % 100, digits % 100);
    }

    static String oldDateTime(MemorySegment s, long at) {
        long value = Numbers.little(s, at, 8);
        long date = Long.divideUnsigned(value, 1_000_000);
        long time = Long.remainderUnsigned(value, 1_000_000);
        return "%04d-%02d-%02d %02d:%02d:%02d"
                .formatted(
                        date / 10000,
                        date / 100 % 100,
                        date % 100,
                        time / 10000,
                        time / 100 % 100,
                        time % 100);
    }

    static String time(MemorySegment s, long at, int digits) {
        int extra = (digits + 1) / 2;
        long packed = Numbers.big(s, at, 3 + extra) - (0x80_0000L << (8 * extra));
        long whole = packed >> (8 * extra);
        long fraction = packed & ((1L << (8 * extra)) - 1);
        boolean isNegative = packed < 0;
        if (isNegative) {
            long negated = -packed;
            whole = negated >> (8 * extra);
            fraction = negated & ((1L << (8 * extra)) - 1);
        }
        return "%s%02d:%02d:%02d%s"
                .formatted(
                        isNegative ? "-" : "",
                        whole >> 12 & 0x3FF,
                        whole >> 6 & 0x3F,
                        whole & 0x3F,
                        fraction(fraction, digits));
    }

    static String dateTime(MemorySegment s, long at, int digits) {
        long whole = Numbers.big(s, at, 5) - 0x80_0000_0000L;
        long fraction = Numbers.big(s, at + 5, (digits + 1) / 2);
        return dateTime(whole) + fraction(fraction, digits);
    }

    static String timestamp(MemorySegment s, long at, int digits) {
        long seconds = Numbers.big(s, at, 4);
        long fraction = Numbers.big(s, at + 4, (digits + 1) / 2);
        return timestamp(seconds) + fraction(fraction, digits);
    }

    static String timestamp(long seconds) {
        if (seconds == 0) {
            return "0000-00-00 00:00:00";
        }
        var time = Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC);
        return "%04d-%02d-%02d %02d:%02d:%02d"
                .formatted(
                        time.getYear(),
                        time.getMonthValue(),
                        time.getDayOfMonth(),
                        time.getHour(),
                        time.getMinute(),
                        time.getSecond());
    }

    /// The layout inside a JSON document: the whole part as in DATETIME2 or TIME2 without its
    /// offset, then 24 bits of microseconds.
    static String inJson(long packed, boolean isTime, boolean isDate) {
        if (isTime) {
            long value = Math.abs(packed);
            long whole = value >> 24;
            return "%s%02d:%02d:%02d.%06d"
                    .formatted(
                            packed < 0 ? "-" : "",
                            whole >> 12 & 0x3FF,
                            whole >> 6 & 0x3F,
                            whole & 0x3F,
                            value & 0xFF_FFFF);
        }
        String text = dateTime(packed >> 24);
        return isDate
                ? text.substring(0, text.indexOf(' '))
                : text + ".%06d".formatted(packed & 0xFF_FFFF);
    }

    private static String dateTime(long whole) {
        long months = whole >> 22;
        return "%04d-%02d-%02d %02d:%02d:%02d"
                .formatted(
                        months / 13,
                        months % 13,
                        whole >> 17 & 0x1F,
                        whole >> 12 & 0x1F,
                        whole >> 6 & 0x3F,
                        whole & 0x3F);
    }

    /// @param value in units of its bytes: hundredths, ten-thousandths or millionths
    private static String fraction(long value, int digits) {
        if (digits == 0) {
            return "";
        }
        String all = "%06d".formatted(value);
        String even = all.substring(6 - (digits + 1) / 2 * 2);
        return "." + even.substring(0, digits);
    }
}
