package io.backstay.recovery.fold;

import io.backstay.binlog.EventOrigin;

/// Why a table is in its lane: the event that put it there.
///
/// @param event its type or what it did
/// @param gtid of its transaction
/// @param reason lower case
public record LaneReason(EventOrigin origin, String event, String gtid, String reason) {

    @Override
    public String toString() {
        return "%s (%s at %s, transaction %s)".formatted(reason, event, origin, gtid);
    }
}
