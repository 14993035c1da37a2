package io.backstay.binlog.value;

import io.backstay.binlog.ColumnLayout;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.TableMapEvent;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// The rows of one rows event, read front to back.
///
/// ```
/// while (images.next()) { images.before(); images.after(); }
/// ```
///
/// Which columns an image has is told per event; a column that it lacks is absent. Not safe for use
/// by several threads.
public final class RowImages {
    private static final int PARTIAL_JSON = 1;

    private final RowsEvent event;
    private final TableMapEvent table;
    private final MemorySegment bytes;
    private final EventOrigin origin;
    private final ValueCodec codec;
    private Optional<List<ColumnValue>> before = Optional.empty();
    private Optional<List<ColumnValue>> after = Optional.empty();
    private long at;

    /// @param bytes what the event's offsets count in
    /// @param table the table map with the event's number
    /// @throws DamagedBinlogException if the two have not the same number of columns
    public RowImages(
            RowsEvent event,
            TableMapEvent table,
            MemorySegment bytes,
            EventOrigin origin,
            ValueCodec codec) {
        this.event = event;
        this.table = table;
        this.bytes = bytes;
        this.origin = origin;
        this.codec = codec;
        this.at = event.imagesOffset();
        if (event.columnCount() != table.columns().size()) {
            throw DamagedBinlogException.of(
                    origin,
                    "RowsEvent.columnCount",
                    Integer.toString(table.columns().size()),
                    Integer.toString(event.columnCount()));
        }
    }

    /// Reads the next row.
    ///
    /// @throws DamagedBinlogException if the bytes contradict the table map
    public boolean next() {
        long from = at;
        if (at >= event.imagesEnd()) {
            return false;
        }
        switch (event.change()) {
            case INSERT -> after = Optional.of(image(event.present(), false));
            case DELETE -> before = Optional.of(image(event.present(), false));
            case UPDATE -> {
                before = Optional.of(image(event.present(), false));
                after = Optional.of(image(event.presentAfter(), event.isPartial()));
            }
        }
        requireProgress(from);
        return true;
    }

    /// Passes over the next row: no value is decoded, [#before] and [#after] stay as they are.
    ///
    /// @throws DamagedBinlogException if the row does not fit into its event
    public boolean skip() {
        long from = at;
        if (at >= event.imagesEnd()) {
            return false;
        }
        skipImage(event.present(), false);
        if (event.change() == RowsEvent.Change.UPDATE) {
            skipImage(event.presentAfter(), event.isPartial());
        }
        requireProgress(from);
        return true;
    }

    private void skipImage(BitSet present, boolean isPartial) {
        if (isPartial) {
            differences();
        }
        long nulls = take((present.cardinality() + 7) / 8);
        int nth = 0;
        for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1), nth++) {
            if (!isNull(nulls, nth)) {
                take(length(table.columns().get(i)));
            }
        }
    }

    private void requireProgress(long from) {
        if (at == from) {
            throw damaged("a row of at least one byte", "0");
        }
    }

    private boolean isNull(long nulls, int nth) {
        return (Numbers.little(bytes, nulls + nth / 8, 1) & (1L << (nth % 8))) != 0;
    }

    private long length(ColumnLayout layout) {
        int prefix = layout.lengthPrefixBytes();
        return layout.fixedLengthBytes() >= 0
                ? layout.fixedLengthBytes()
                : Numbers.little(bytes, take(prefix), prefix);
    }

    /// The row as it was, a value for each column of the table; empty for an insert.
    public Optional<List<ColumnValue>> before() {
        return before;
    }

    /// The row as it became; empty for a delete.
    public Optional<List<ColumnValue>> after() {
        return after;
    }

    private List<ColumnValue> image(BitSet present, boolean isPartial) {
        List<ColumnLayout> layouts = table.columns();
        BitSet differences = isPartial ? differences() : new BitSet();
        long nulls = take((present.cardinality() + 7) / 8);
        var values = new ColumnValue[layouts.size()];
        int nth = 0;
        for (int i = 0; i < values.length; i++) {
            if (!present.get(i)) {
                values[i] = ColumnValue.ABSENT;
                continue;
            }
            boolean isNull = isNull(nulls, nth);
            nth++;
            values[i] = isNull ? ColumnValue.NULL : value(i, differences.get(i));
        }
        return List.of(values);
    }

    private ColumnValue value(int column, boolean isDifferences) {
        ColumnLayout layout = table.columns().get(column);
        long length = length(layout);
        long from = take(length);
        try {
            return isDifferences
                    ? ValueCodec.differences(bytes, from, (int) length)
                    : codec.value(
                            layout, table.metadata().column(column), bytes, from, (int) length);
        } catch (BadValue e) {
            throw DamagedBinlogException.of(
                    origin,
                    "column %d of a row of %s.%s"
                            .formatted(column + 1, table.schema(), table.table()),
                    e.expected(),
                    e.found());
        }
    }

    /// The JSON columns whose values in the image that follows are differences.
    private BitSet differences() {
        var found = new BitSet();
        if ((packed() & PARTIAL_JSON) == 0) {
            return found;
        }
        List<ColumnLayout> layouts = table.columns();
        int count = (int) layouts.stream().filter(ValueCodec::isJson).count();
        long bits = take((count + 7) / 8);
        int nth = 0;
        for (int i = 0; i < layouts.size(); i++) {
            if (ValueCodec.isJson(layouts.get(i))) {
                found.set(i, (Numbers.little(bytes, bits + nth / 8, 1) & (1L << (nth % 8))) != 0);
                nth++;
            }
        }
        return found;
    }

    private long packed() {
        int first = (int) Numbers.little(bytes, take(1), 1);
        return switch (first) {
            case 252 -> Numbers.little(bytes, take(2), 2);
            case 253 -> Numbers.little(bytes, take(3), 3);
            case 254 -> Numbers.little(bytes, take(8), 8);
            default -> first;
        };
    }

    private long take(long length) {
        if (length < 0 || length > event.imagesEnd() - at) {
            throw damaged(length + " bytes", Long.toString(event.imagesEnd() - at));
        }
        long from = at;
        at += length;
        return from;
    }

    private DamagedBinlogException damaged(String expected, String found) {
        return DamagedBinlogException.of(origin, "RowsEvent.images", expected, found);
    }
}
