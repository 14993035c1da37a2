package io.backstay.recovery.archive;

import io.backstay.binlog.GtidSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A closed stretch of binary log, byte for byte as the server sent it, with what is in it.
///
/// The part is itself a binary log file (4 bytes `fe 62 69 6e`, a format description event, then
/// events as they were, checksums included), so the server's own tools read it too. Artificial
/// events of the replication protocol (made-up ROTATE, HEARTBEAT) are left out; no other event is.
/// It ends at the end of a transaction.
///
/// @param fromGtid state before the first transaction: of MariaDB the last GTID of every domain, as
///   `gtid_slave_pos`, ordered by domain; of MySQL the set, as `gtid_executed`; empty text for none
/// @param toGtid state after the last transaction
/// @param serverId of the server it was streamed from, not of where its transactions began
/// @param file name of the binary log on that server
/// @param firstPosition of the first transaction, bytes in `file`; what stands before it in the
///   part is the head of that file
/// @param lastPosition behind the last event, bytes in `file`
/// @param firstSeconds time of the first event, seconds since 1970; null if there is none
/// @param lastSeconds time of the last event
/// @param lastGtids of its transactions alone: the last GTID of every domain and server; of MySQL
///   all
/// @param rowEvents row events; each has one or more rows
/// @param tables `schema.table` of every table map in it, sorted
/// @param hasDdl it has a statement other than transaction control
public record SegmentEntry(
        PartEntry part,
        String fromGtid,
        String toGtid,
        long serverId,
        String file,
        long firstPosition,
        long lastPosition,
        @Nullable Long firstSeconds,
        @Nullable Long lastSeconds,
        String lastGtids,
        long transactions,
        long rowEvents,
        List<String> tables,
        boolean hasDdl) {
    public static final int FORMAT_VERSION = 1;

    /// @param from state before the first transaction
    /// @param tracker has seen the segment's events
    /// @param lastPosition behind the last event, bytes in `file`
    public static SegmentEntry of(
            PartEntry part,
            GtidSet from,
            long serverId,
            String file,
            GroupTracker tracker,
            long lastPosition) {
        return new SegmentEntry(
                part,
                from.place().toString(),
                tracker.position().toString(),
                serverId,
                file,
                tracker.firstPosition(),
                lastPosition,
                tracker.firstSeconds(),
                tracker.lastSeconds(),
                tracker.seen().toString(),
                tracker.transactions(),
                tracker.rowEvents(),
                List.copyOf(tracker.tables()),
                tracker.hasDdl());
    }
}
