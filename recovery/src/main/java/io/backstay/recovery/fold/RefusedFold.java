package io.backstay.recovery.fold;

import io.backstay.binlog.EventOrigin;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;

/// A log that holds something which cannot be folded exactly. Names the table, the event, its place
/// and the reason.
public final class RefusedFold extends Problem {
    private static final long serialVersionUID = 1L;

    private final transient EventOrigin origin;

    /// @param subject the table, or what else is meant
    /// @param reason why, lower case
    RefusedFold(String subject, String event, String gtid, EventOrigin origin, String reason) {
        super(
                ErrorCode.UNSUPPORTED,
                "cannot fold %s: %s (%s at %s, transaction %s)"
                        .formatted(subject, reason, event, origin, gtid),
                "take a new base behind this place with `backstay backup`, or restore to a point before"
                        + " it: `backstay restore --until GTID`.");
        this.origin = origin;
    }

    public EventOrigin origin() {
        return origin;
    }
}
