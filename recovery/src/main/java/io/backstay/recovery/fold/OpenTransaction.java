package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.RowsEvent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events of the transaction that is being read, as places; they count when it commits.
final class OpenTransaction {
    private final Gtid gtid;
    private boolean isStandalone;
    private final boolean isPassedOver;
    private final List<Item> items = new ArrayList<>(4);
    private @Nullable MemorySegment annotation;
    private @Nullable RefusedFold refusal;

    /// One event that changes something, or helps one that does.
    sealed interface Item {
        int stretch();

        long eventOffset();
    }

    /// The images of one rows event.
    ///
    /// @param isFull every column is in every image
    /// @param isPartial images may hold differences of JSON values in place of the values
    /// @param mayBeOfReplace of not full images: the statement that it is of says REPLACE, or
    ///   nobody knows it
    record Rows(
            TableMaps.Bound table,
            RowsEvent.Change change,
            int flags,
            boolean isFull,
            boolean isPartial,
            boolean mayBeOfReplace,
            int stretch,
            long eventOffset,
            long from,
            long end)
            implements Item {}

    /// @param thread number of the session it is of
    /// @param isOfThread it used what only its session has
    /// @param errorCode that it ended with on its server
    record Statement(
            StatementMeaning meaning,
            SqlText sql,
            long thread,
            boolean isOfThread,
            int errorCode,
            int stretch,
            long eventOffset)
            implements Item {}

    /// An INTVAR, RAND or USER_VAR event.
    record Setting(int stretch, long eventOffset) implements Item {}

    OpenTransaction(Gtid gtid, boolean isStandalone, boolean isPassedOver) {
        this.gtid = gtid;
        this.isStandalone = isStandalone;
        this.isPassedOver = isPassedOver;
    }

    Gtid gtid() {
        return gtid;
    }

    boolean isStandalone() {
        return isStandalone;
    }

    /// It has begun with a BEGIN: no statement ends it.
    void goesOn() {
        isStandalone = false;
    }

    boolean isPassedOver() {
        return isPassedOver;
    }

    /// The rows events that follow are of the statement with that text.
    void annotate(MemorySegment statement) {
        annotation = statement;
    }

    /// What follows is of another statement.
    void endStatement() {
        annotation = null;
    }

    /// Whether the rows may be of a REPLACE: also where nothing says what they are of. Asked for
    /// few events only: it reads the text.
    boolean mayBeOfReplace() {
        return annotation == null
                || Statements.isReplace(
                        new String(
                                annotation.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
    }

    /// The rows event that a reader stands on.
    void add(
            BinlogReader reader,
            TableMaps.Bound table,
            RowsEvent.Change change,
            RowsHead head,
            int stretch) {
        boolean isPartial = reader.type() == EventType.PARTIAL_UPDATE_ROWS;
        add(
                new Rows(
                        table,
                        change,
                        head.flags(),
                        head.isFull() && !isPartial,
                        isPartial,
                        !head.isFull() && mayBeOfReplace(),
                        stretch,
                        reader.offset(),
                        head.imagesOffset(),
                        reader.bodyEnd()));
    }

    void add(Item item) {
        items.add(item);
    }

    List<Item> items() {
        return items;
    }

    /// The whole log cannot be had if this transaction counts. The first reason counts.
    void refuse(RefusedFold reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    @Nullable RefusedFold refusal() {
        return refusal;
    }
}
