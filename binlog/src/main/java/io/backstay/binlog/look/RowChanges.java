package io.backstay.binlog.look;

import io.backstay.binlog.LoggedEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.value.RowImages;
import io.backstay.binlog.value.ValueCodec;
import java.util.function.Consumer;

/// The rows of the event that a walk stands on.
public final class RowChanges {
    private RowChanges() {}

    /// Gives each row of the walk's present event; nothing for an event without rows.
    ///
    /// @throws io.backstay.binlog.DamagedBinlogException if the images contradict their table map
    public static void forEach(LogWalk walk, ValueCodec codec, Consumer<RowChange> sink) {
        LoggedEvent event = walk.event();
        if (!(event.event() instanceof RowsEvent rows)
                || rows.tableId() == RowsEvent.DUMMY_TABLE_ID
                || walk.transaction().isEmpty()) {
            return;
        }
        TableMapEvent table = walk.requireTable(rows);
        LoggedTransaction transaction = walk.transaction().get();
        var images = new RowImages(rows, table, event.bytes(), event.origin(), codec);
        while (images.next()) {
            sink.accept(
                    new RowChange(
                            event.origin(),
                            transaction,
                            transaction.statement(),
                            table,
                            rows.change(),
                            images.before(),
                            images.after()));
        }
    }
}
