package io.backstay.recovery.archive;

import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;

/// GTIDs of an archive, for what is done with those of MariaDB only so far.
public final class MariaDbPosition {
    private MariaDbPosition() {}

    /// @param what is to be done, for the refusal of an archive of MySQL
    public static MariaDbGtidState require(String gtids, String what) {
        return require(GtidSet.parse(gtids), what);
    }

    /// @param what is to be done, for the refusal of an archive of MySQL
    public static MariaDbGtidState require(GtidSet gtids, String what) {
        return switch (gtids) {
            case MariaDbGtidState state -> state;
            case MySqlGtidSet set ->
                    throw new Problem(
                            ErrorCode.UNSUPPORTED,
                            "%s is done for MariaDB only so far, and the archive's GTIDs are MySQL's: %s"
                                    .formatted(what, set),
                            "a MySQL archive is filled by `backstay backup` and `backstay stream`, and restored whole by `backstay"
                                    + " restore`.");
        };
    }
}
