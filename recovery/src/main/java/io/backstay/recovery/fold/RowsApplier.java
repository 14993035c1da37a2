package io.backstay.recovery.fold;

import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.RowsEvent;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Takes the rows of committed transactions into their tables' net changes, and counts them.
final class RowsApplier {
    private final List<MemorySegment> segments;
    private long rowEvents;
    private long rows;

    /// @param segments the stretches by their number; grows while the log is read
    RowsApplier(List<MemorySegment> segments) {
        this.segments = segments;
    }

    long rowEvents() {
        return rowEvents;
    }

    /// Changes of a row; an update is one.
    long rows() {
        return rows;
    }

    void apply(OpenTransaction.Rows event, String file, OpenTransaction transaction) {
        MemorySegment s = segments.get(event.stretch());
        TableFold table = event.table();
        var origin = new EventOrigin(file, event.eventOffset());
        rowEvents++;
        String danger = null;
        boolean isCascading =
                !table.cascade().isEmpty()
                        && (event.flags() & RowsEvent.FLAG_NO_FOREIGN_KEY_CHECKS) == 0;
        try {
            for (long at = event.from(); at < event.end(); ) {
                rows++;
                long end = requireRow(table, s, at, event.end(), origin);
                long place = NetRows.place(event.stretch(), at);
                switch (event.change()) {
                    case INSERT -> table.insert(s, at, place);
                    case DELETE -> {
                        danger = isCascading ? table.cascade().ofDelete() : null;
                        table.delete(s, at, place);
                    }
                    case UPDATE -> {
                        long afterEnd = requireRow(table, s, end, event.end(), origin);
                        danger =
                                isCascading
                                        ? table.cascade().ofUpdate(table.layout(), s, at, end)
                                        : null;
                        table.update(s, at, place, end, NetRows.place(event.stretch(), end));
                        end = afterEnd;
                    }
                }
                if (danger != null) {
                    throw refused(table, event, transaction, origin, danger);
                }
                at = end;
            }
        } catch (TableFold.Contradiction e) {
            throw refused(table, event, transaction, origin, String.valueOf(e.getMessage()));
        }
    }

    private static long requireRow(
            TableFold table, MemorySegment s, long at, long end, EventOrigin origin) {
        long rowEnd = table.layout().rowEnd(s, at, end);
        if (rowEnd == RowLayout.BEYOND || rowEnd == at) {
            throw DamagedBinlogException.of(
                    origin,
                    "RowsEvent.images",
                    "a whole row image",
                    (end - at) + " bytes that are none");
        }
        return rowEnd;
    }

    private static RefusedFold refused(
            TableFold table,
            OpenTransaction.Rows event,
            OpenTransaction transaction,
            EventOrigin origin,
            String reason) {
        return new RefusedFold(
                table.definition().name().toString(),
                event.change() + " rows",
                transaction.gtid().toString(),
                origin,
                reason);
    }
}
