package io.backstay.recovery.fold;

import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.RowsEvent;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the rows of committed transactions into their tables' net changes, and counts them.
final class RowsApplier {
    private static final int UNLOGGED_NOTHING =
            RowsEvent.FLAG_NO_FOREIGN_KEY_CHECKS | RowsEvent.FLAG_FOREIGN_KEYS_LOGGED;

    private final List<LogStretch> stretches;
    private long rowEvents;
    private long rows;

    /// @param stretches by their number; grows while the log is read
    RowsApplier(List<LogStretch> stretches) {
        this.stretches = stretches;
    }

    long rowEvents() {
        return rowEvents;
    }

    /// Changes of a row; an update is one.
    long rows() {
        return rows;
    }

    /// In place of what was counted since `before`: the events that a stored fold stands for.
    void countStored(StoredFold stored, long rowEventsBefore, long rowsBefore) {
        rowEvents = rowEventsBefore + stored.rowEvents();
        rows = rowsBefore + stored.rows();
    }

    /// Why the server changes rows of other tables because of this event, unlogged; null if it does
    /// not.
    @Nullable String cascade(OpenTransaction.Rows event, TableFold table) {
        CascadeRisk risk = table.cascade();
        if (risk.isEmpty()
                || event.change() == RowsEvent.Change.INSERT
                || (event.flags() & UNLOGGED_NOTHING) != 0) {
            return null;
        }
        if (event.change() == RowsEvent.Change.DELETE) {
            return risk.ofDelete();
        }
        MemorySegment s = stretches.get(event.stretch()).bytes();
        for (long at = event.from(); at < event.end(); ) {
            long after = requireRow(table, s, at, event);
            long end = requireRow(table, s, after, event);
            String reason = risk.ofUpdate(table.layout(), s, at, after);
            if (reason != null) {
                return reason;
            }
            at = end;
        }
        return null;
    }

    /// @throws NetChanges.Contradiction if the log contradicts itself
    void apply(OpenTransaction.Rows event, TableFold table) {
        MemorySegment s = stretches.get(event.stretch()).bytes();
        NetChanges changes = table.changes();
        rowEvents++;
        for (long at = event.from(); at < event.end(); ) {
            rows++;
            long end = requireRow(table, s, at, event);
            long place = NetRows.place(event.stretch(), at);
            switch (event.change()) {
                case INSERT -> changes.insert(s, at, place);
                case DELETE -> changes.delete(s, at, place);
                case UPDATE -> {
                    long afterEnd = requireRow(table, s, end, event);
                    changes.update(s, at, place, end, NetRows.place(event.stretch(), end));
                    end = afterEnd;
                }
            }
            at = end;
        }
    }

    private long requireRow(TableFold table, MemorySegment s, long at, OpenTransaction.Rows event) {
        long rowEnd = table.layout().rowEnd(s, at, event.end());
        if (rowEnd == RowLayout.BEYOND || rowEnd == at) {
            throw DamagedBinlogException.of(
                    origin(event),
                    "RowsEvent.images",
                    "a whole row image",
                    (event.end() - at) + " bytes that are none");
        }
        return rowEnd;
    }

    /// Of an image.
    EventOrigin originOf(long place) {
        return new EventOrigin(
                stretches.get(NetRows.stretchOf(place)).file(), NetRows.offsetOf(place));
    }

    EventOrigin origin(OpenTransaction.Item event) {
        return new EventOrigin(stretches.get(event.stretch()).file(), event.eventOffset());
    }
}
