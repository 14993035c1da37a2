package io.backstay.recovery.fold;

import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import java.util.List;
import java.util.Optional;

/// What was read and what came of it.
///
/// @param end the state after the last folded transaction: `after` of the request and all that was
///   folded, per domain and server
/// @param folded the folded transactions alone: the last GTID of every domain and server; of MySQL
///   all
/// @param transactions folded
/// @param passedOver transactions that the base, or an earlier stretch, had already
/// @param rowEvents folded
/// @param rows changed by them, counted once for each change
/// @param bytes read
/// @param lastSeconds time of the last folded transaction, Unix time; 0 if there is none
/// @param unfinished transactions that have no end in the log, and so count for nothing
/// @param prepared XA transactions among them that are prepared: a server at that end has them, and
///   needs them when it goes on
/// @param tornAt where the last stretch breaks off inside an event
public record FoldSummary(
        GtidSet end,
        GtidSet folded,
        long transactions,
        long passedOver,
        long rowEvents,
        long rows,
        long bytes,
        long lastSeconds,
        List<Gtid> unfinished,
        List<Gtid> prepared,
        Optional<EventOrigin> tornAt) {}
