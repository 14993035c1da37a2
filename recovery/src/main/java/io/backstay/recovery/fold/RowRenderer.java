package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.TableDefinition;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// One table's full row images as LOAD DATA text: all columns that are not generated, in order.
final class RowRenderer {
    private final List<ColumnLayout> layouts;
    private final RowLayout layout;
    private final List<ColumnText> texts = new ArrayList<>();
    private final boolean[] isLoaded;

    /// @throws TextCodec.UnsupportedColumn if a column has no text here
    RowRenderer(TableDefinition definition, RowLayout layout) throws TextCodec.UnsupportedColumn {
        this.layout = layout;
        this.layouts = layout.columns();
        this.isLoaded = new boolean[layouts.size()];
        for (int i = 0; i < layouts.size(); i++) {
            ColumnDefinition column = definition.columns().get(i);
            isLoaded[i] = column.generated() == ColumnDefinition.Generated.NOT;
            texts.add(TextCodec.of(column, layouts.get(i)));
        }
    }

    /// The number of each column's field in the text, -1 if it has none.
    int[] fieldOfColumn() {
        var fields = new int[isLoaded.length];
        int next = 0;
        for (int i = 0; i < fields.length; i++) {
            fields[i] = isLoaded[i] ? next++ : -1;
        }
        return fields;
    }

    /// Writes one row image without its line feed.
    void render(MemorySegment s, long row, RowBuffer out) {
        long at = row + layout.nullBytes();
        boolean isFirst = true;
        for (int i = 0; i < layouts.size(); i++) {
            if (isLoaded[i]) {
                if (!isFirst) {
                    out.put('\t');
                }
                isFirst = false;
            }
            if (layout.isNull(s, row, i)) {
                if (isLoaded[i]) {
                    out.putNull();
                }
                continue;
            }
            long end = layout.columnEnd(s, at, i);
            if (isLoaded[i]) {
                long value = at + layouts.get(i).lengthPrefixBytes();
                int from = out.length();
                texts.get(i).write(s, value, (int) (end - value), out);
                out.escape(from);
            }
            at = end;
        }
    }
}
