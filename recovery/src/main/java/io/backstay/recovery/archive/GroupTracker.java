package io.backstay.recovery.archive;

import io.backstay.binlog.BinlogEvent;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventHeader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.Flavour;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.InflatedLog;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.PreviousGtidsEvent;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.RawEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.TransactionBegin;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
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
/// Of MariaDB, sequence numbers of a domain follow each other without a hole; one that does not is
/// a gap. Of MySQL, each file's list of what came before it must be known.
public final class GroupTracker {
    private GtidSet position;
    private GtidSet seen = MariaDbGtidState.EMPTY;
    private @Nullable Gtid group;
    private boolean isAlone;
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

    /// @param position what the archive has: of MariaDB the last GTID of every domain
    public GroupTracker(GtidSet position) {
        this.position = position.place();
    }

    /// The event that a reader stands on.
    public Place see(BinlogReader reader) {
        return see(
                reader.type(),
                reader.header(),
                reader::decode,
                inside -> InflatedLog.forEachInside(reader, inside));
    }

    /// An event as a server of that flavour sent it.
    public Place see(RawEvent event, Flavour flavour) {
        return see(
                event.type(),
                event.header(),
                () -> event.decode(flavour),
                inside -> InflatedLog.forEachInside(event, inside));
    }

    private Place see(
            EventType type,
            EventHeader header,
            Supplier<BinlogEvent> decode,
            Consumer<Consumer<RawEvent>> inside) {
        if (TransactionBegin.is(type)) {
            begin(TransactionBegin.of(decode.get(), header), header);
        } else if (type == EventType.PREVIOUS_GTIDS) {
            requireNoGap((PreviousGtidsEvent) decode.get());
        } else if (type == EventType.TRANSACTION_PAYLOAD && !isSkipping) {
            inside.accept(event -> count(event.type(), () -> event.decode(Flavour.MYSQL)));
        } else if (!isSkipping) {
            count(type, decode);
        }
        if (group == null) {
            return Place.WHOLE;
        }
        boolean wasSkipping = isSkipping;
        if (ends(type, decode)) {
            end(group);
            return wasSkipping ? Place.KNOWN : Place.WHOLE;
        }
        return wasSkipping ? Place.KNOWN : Place.INSIDE;
    }

    private void count(EventType type, Supplier<BinlogEvent> decode) {
        if (type == EventType.TABLE_MAP) {
            var map = (TableMapEvent) decode.get();
            tables.add(map.schema() + "." + map.table());
        } else if (isRows(type)) {
            rowEvents++;
        } else if (type == EventType.EXECUTE_LOAD_QUERY
                || type == EventType.QUERY_COMPRESSED
                || (type == EventType.QUERY
                        && !isControl(start(((QueryEvent) decode.get()).statement())))) {
            hasDdl = true;
        }
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

    public GtidSet position() {
        return position;
    }

    /// What came since the tracker began; of MariaDB the last GTID of every domain and server.
    public GtidSet seen() {
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

    private void begin(TransactionBegin event, EventHeader header) {
        if (group != null) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "the log begins transaction "
                            + event.gtid()
                            + " before "
                            + group
                            + " has ended",
                    "the source's binary log is damaged: stream from another member.");
        }
        isSkipping = position.has(event.gtid());
        group = event.gtid();
        isAlone = event.isAlone();
        if (isSkipping) {
            return;
        }
        requireNoGap(event.gtid());
        if (firstSeconds == null) {
            firstSeconds = header.timestampSeconds();
            firstPosition = header.nextPosition() - header.sizeBytes();
        }
        lastSeconds = header.timestampSeconds();
    }

    private void requireNoGap(Gtid gtid) {
        if (!(gtid instanceof MariaDbGtid next && position instanceof MariaDbGtidState state)) {
            return;
        }
        MariaDbGtid last = state.position().get(next.domainId());
        if (last != null && next.sequenceNumber() != last.sequenceNumber() + 1) {
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
    }

    private void requireNoGap(PreviousGtidsEvent before) {
        if (!position.covers(before.set())) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "gap in the log: a file begins behind %s, and of that the archive has only %s"
                            .formatted(before.set(), position),
                    "stream from a member that has every transaction, or take a new base with `backstay backup`.");
        }
    }

    private boolean ends(EventType type, Supplier<BinlogEvent> decode) {
        if (type == EventType.XID
                || type == EventType.XA_PREPARE
                || type == EventType.TRANSACTION_PAYLOAD) {
            return true;
        }
        if (type == EventType.EXECUTE_LOAD_QUERY || type == EventType.QUERY_COMPRESSED) {
            return isAlone;
        }
        if (type != EventType.QUERY) {
            return false;
        }
        String statement = ((QueryEvent) decode.get()).statement();
        String start = start(statement);
        if (start.equals("COMMIT")
                || start.equals("ROLLBACK")
                || start.startsWith("XA COMMIT")
                || start.startsWith("XA ROLLBACK")) {
            return true;
        }
        isAlone &= !TransactionBegin.isBegin(statement);
        return isAlone;
    }

    private static String start(String statement) {
        return statement
                .substring(0, Math.min(20, statement.length()))
                .strip()
                .toUpperCase(Locale.ROOT);
    }

    private static boolean isControl(String start) {
        return start.equals("BEGIN")
                || start.equals("COMMIT")
                || start.equals("ROLLBACK")
                || start.startsWith("XA ")
                || start.startsWith("SAVEPOINT")
                || start.startsWith("ROLLBACK TO");
    }

    private void end(Gtid ended) {
        if (!isSkipping) {
            position = position.and(ended).place();
            seen = seen.and(ended);
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
                    DELETE_ROWS_COMPRESSED_V1,
                    WRITE_ROWS_V2,
                    UPDATE_ROWS_V2,
                    DELETE_ROWS_V2,
                    PARTIAL_UPDATE_ROWS ->
                    true;
            // all others are no row events of today's servers
            default -> false;
        };
    }
}
