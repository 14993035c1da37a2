package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import io.backstay.binlog.ColumnType;
import io.backstay.binlog.value.JsonText;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.TableDefinition;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// One table's full row images as LOAD DATA text: all columns that are not generated, in order, and
/// the types in JSON documents.
final class RowRenderer {
    private final List<ColumnLayout> layouts;
    private final RowLayout layout;
    private final List<ColumnText> texts = new ArrayList<>();
    private final boolean[] isLoaded;
    private final boolean hasJson;

    /// @throws TextCodec.UnsupportedColumn if a column has no text here
    RowRenderer(TableDefinition definition, RowLayout layout) throws TextCodec.UnsupportedColumn {
        this.layout = layout;
        this.layouts = layout.columns();
        this.isLoaded = new boolean[layouts.size()];
        boolean json = false;
        for (int i = 0; i < layouts.size(); i++) {
            ColumnDefinition column = definition.columns().get(i);
            isLoaded[i] = column.generated() == ColumnDefinition.Generated.NOT;
            texts.add(TextCodec.of(column, layouts.get(i)));
            json |= isLoaded[i] && layouts.get(i).type() == ColumnType.JSON;
        }
        this.hasJson = json;
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
        if (hasJson) {
            out.put('\t');
            jsonTypes(s, row, out);
        }
    }

    /// One field more, as [io.backstay.recovery.rows.JsonTypes] has it.
    private void jsonTypes(MemorySegment s, long row, RowBuffer out) {
        boolean isFirst = true;
        for (int i = 0; i < layouts.size(); i++) {
            if (isLoaded[i] && layouts.get(i).type() == ColumnType.JSON) {
                if (!isFirst) {
                    out.put('|');
                }
                isFirst = false;
                if (!layout.isNull(s, row, i)) {
                    long at = layout.columnOffset(s, row, i);
                    long value = at + layouts.get(i).lengthPrefixBytes();
                    out.putAscii(JsonText.types(s, value, layout.columnEnd(s, at, i) - value));
                }
            }
        }
    }
}
