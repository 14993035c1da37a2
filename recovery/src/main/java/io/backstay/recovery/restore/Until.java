package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MySqlGtid;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/// Where a restore stops; always between two transactions.
public sealed interface Until {

    /// Everything the archive holds.
    record End() implements Until {
        @Override
        public String toString() {
            return "the archive's end";
        }
    }

    /// That transaction is the last one in.
    record AtGtid(Gtid gtid) implements Until {
        @Override
        public String toString() {
            return gtid.toString();
        }
    }

    /// The last transaction that ends at or before that place in a binary log of the source.
    record AtPosition(BinlogPosition position) implements Until {
        @Override
        public String toString() {
            return position.toString();
        }
    }

    /// The last transaction in front of the first, in the order of the log, whose time is after it.
    /// MariaDB's log knows whole seconds, and of a statement the time it began; MySQL's from 8.0 on
    /// the commit on its first server, in microseconds.
    record AtTime(Instant time) implements Until {
        @Override
        public String toString() {
            return time.toString();
        }
    }

    /// `GTID` as `0-1-42` or `3e11fa47-71ca-11e1-9e33-c80aa9429562:23`, `FILE:POSITION` as
    /// `binlog.000003:1234`, time as `2026-02-03T04:05:06Z` with its offset.
    static Until parse(String text) {
        try {
            if (text.matches("\\d+-\\d+-\\d+")) {
                return new AtGtid(MariaDbGtid.parse(text));
            }
            if (text.matches("[0-9a-fA-F-]{36}:(\\w+:)?\\d+")) {
                return new AtGtid(MySqlGtid.parse(text));
            }
            if (text.matches("\\d{4}-\\d{2}-\\d{2}T.*")) {
                return new AtTime(OffsetDateTime.parse(text).toInstant());
            }
            int colon = text.lastIndexOf(':');
            if (colon > 0 && text.substring(colon + 1).matches("\\d+")) {
                return new AtPosition(
                        new BinlogPosition(
                                text.substring(0, colon),
                                Long.parseLong(text.substring(colon + 1))));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw unreadable(text, e);
        }
        throw unreadable(text, null);
    }

    private static Problem unreadable(String text, @org.jspecify.annotations.Nullable Exception e) {
        String what =
                "--until: expected a GTID, FILE:POSITION or a time with its offset, found '"
                        + text
                        + "'";
        String hint =
                "write `--until 0-1-42`, `--until binlog.000003:1234` or `--until 2026-02-03T04:05:06Z`.";
        return e == null
                ? new Problem(ErrorCode.USAGE, what, hint)
                : new Problem(ErrorCode.USAGE, what, hint, e);
    }
}
