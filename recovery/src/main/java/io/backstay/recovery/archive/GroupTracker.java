package io.backstay.recovery.archive;

import io.backstay.binlog.BinlogEvent;
import io.backstay.binlog.EventHeader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidEvent;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Follows events in order and knows at each of them: is it new, is it in a transaction, is
/// everything up to here whole? Collects what the index of a segment says.
///
/// ```
/// outside ──GTID, new──► inside ──XID, COMMIT, ROLLBACK, lone statement──► outside
/// outside ──GTID, known already──► skipping ──the same ends──► outside
/// ```
///
/// Sequence numbers of a domain follow each other without a hole; one that does not is a gap.
public final class GroupTracker {
    private MariaDbGtidState position;
    private MariaDbGtidState seen = MariaDbGtidState.EMPTY;
    private @Nullable GtidEvent group;
    private boolean isSkipping;
    private final SortedSet<String> tables = new TreeSet<>();
    private long transactions;
    private long rowEvents;
    private boolean hasDdl;
    private long firstPosition;
    private @Nullable Long firstSeconds;
    private @Nullable Long lastSeconds;

    /// What an event is to the archive.
    public enum Place {
        /// Of a transaction the archive has already.
        KNOWN,
        /// The transaction goes on.
        INSIDE,
        /// All up to and with this event is whole.
        WHOLE
    }

    /// @param position last GTID of every domain of what the archive has
    public GroupTracker(MariaDbGtidState position) {
        this.position = position.positionState();
    }

    public Place see(EventType type, EventHeader header, Supplier<BinlogEvent> decode) {
        if (type == EventType.GTID) {
            begin((GtidEvent) decode.get(), header);
        } else if (type == EventType.TABLE_MAP && !isSkipping) {
            var map = (TableMapEvent) decode.get();
            tables.add(map.schema() + "." + map.table());
        } else if (isRows(type) && !isSkipping) {
            rowEvents++;
        }
        GtidEvent current = group;
        if (current == null) {
            return Place.WHOLE;
        }
        boolean wasSkipping = isSkipping;
        if (ends(type, current, decode)) {
            end(current);
            return wasSkipping ? Place.KNOWN : Place.WHOLE;
        }
        return wasSkipping ? Place.KNOWN : Place.INSIDE;
    }

    /// Whether what has been seen ends in the middle of a transaction.
    public boolean isInside() {
        return group != null;
    }

    /// Forgets a transaction that broke off.
    public void breakOff() {
        group = null;
        isSkipping = false;
    }

    public MariaDbGtidState position() {
        return position;
    }

    /// Last GTID of every domain and server since the tracker began.
    public MariaDbGtidState seen() {
        return seen;
    }

    public SortedSet<String> tables() {
        return tables;
    }

    public long transactions() {
        return transactions;
    }

    public long rowEvents() {
        return rowEvents;
    }

    /// Where in the source's file the first transaction begins; 0 if there is none.
    public long firstPosition() {
        return firstPosition;
    }

    public boolean hasDdl() {
        return hasDdl;
    }

    public @Nullable Long firstSeconds() {
        return firstSeconds;
    }

    public @Nullable Long lastSeconds() {
        return lastSeconds;
    }

    private void begin(GtidEvent event, EventHeader header) {
        if (group != null) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "the log begins transaction "
                            + event.gtid()
                            + " before "
                            + group.gtid()
                            + " has ended",
                    "the source's binary log is damaged: stream from another member.");
        }
        MariaDbGtid gtid = event.gtid();
        isSkipping = position.reaches(gtid);
        group = event;
        if (isSkipping) {
            return;
        }
        MariaDbGtid last = position.position().get(gtid.domainId());
        if (last != null && gtid.sequenceNumber() != last.sequenceNumber() + 1) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "gap in the log: behind GTID "
                            + last
                            + " expected sequence number "
                            + Long.toUnsignedString(last.sequenceNumber() + 1)
                            + ", found "
                            + gtid,
                    "stream from a member that has every transaction, or take a new base with `backstay backup`.");
        }
        if (firstSeconds == null) {
            firstSeconds = header.timestampSeconds();
            firstPosition = header.nextPosition() - header.sizeBytes();
        }
        lastSeconds = header.timestampSeconds();
    }

    private boolean ends(EventType type, GtidEvent current, Supplier<BinlogEvent> decode) {
        if (type == EventType.XID || type == EventType.XA_PREPARE) {
            return true;
        }
        if (type == EventType.EXECUTE_LOAD_QUERY || type == EventType.QUERY_COMPRESSED) {
            hasDdl |= !isSkipping;
            return current.isStandalone();
        }
        if (type != EventType.QUERY) {
            return false;
        }
        String statement = ((QueryEvent) decode.get()).statement();
        String start =
                statement
                        .substring(0, Math.min(20, statement.length()))
                        .strip()
                        .toUpperCase(Locale.ROOT);
        if (start.equals("COMMIT")
                || start.equals("ROLLBACK")
                || start.startsWith("XA COMMIT")
                || start.startsWith("XA ROLLBACK")) {
            return true;
        }
        boolean isControl =
                start.equals("BEGIN")
                        || start.startsWith("SAVEPOINT")
                        || start.startsWith("ROLLBACK TO");
        hasDdl |= !isControl && !isSkipping;
        return current.isStandalone();
    }

    private void end(GtidEvent ended) {
        if (!isSkipping) {
            position = position.with(ended.gtid()).positionState();
            seen = seen.with(ended.gtid());
            transactions++;
        }
        group = null;
        isSkipping = false;
    }

    private static boolean isRows(EventType type) {
        return switch (type) {
            case WRITE_ROWS_V1,
                    UPDATE_ROWS_V1,
                    DELETE_ROWS_V1,
                    WRITE_ROWS_COMPRESSED_V1,
                    UPDATE_ROWS_COMPRESSED_V1,
                    DELETE_ROWS_COMPRESSED_V1 ->
                    true;
            // all others are no row events of MariaDB
            default -> false;
        };
    }
}
