package io.backstay.recovery.fold;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.RowsEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows events of the transaction that is being read, as places; they count when it commits.
final class OpenTransaction {
    private final MariaDbGtid gtid;
    private final boolean isStandalone;
    private final boolean isPassedOver;
    private final List<Rows> events = new ArrayList<>(4);
    private @Nullable RefusedFold refusal;

    /// The images of one rows event.
    record Rows(
            TableFold table,
            RowsEvent.Change change,
            int flags,
            int stretch,
            long eventOffset,
            long from,
            long end) {}

    OpenTransaction(MariaDbGtid gtid, boolean isStandalone, boolean isPassedOver) {
        this.gtid = gtid;
        this.isStandalone = isStandalone;
        this.isPassedOver = isPassedOver;
    }

    MariaDbGtid gtid() {
        return gtid;
    }

    boolean isStandalone() {
        return isStandalone;
    }

    boolean isPassedOver() {
        return isPassedOver;
    }

    List<Rows> events() {
        return events;
    }

    /// The first reason counts.
    void refuse(RefusedFold reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    @Nullable RefusedFold refusal() {
        return refusal;
    }
}
