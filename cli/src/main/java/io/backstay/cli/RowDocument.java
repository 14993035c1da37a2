package io.backstay.cli;

import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.look.RowChange;
import io.backstay.binlog.value.ColumnValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Row images as part of a JSON document: values by column name, without the columns that an image
/// lacks.
final class RowDocument {
    private RowDocument() {}

    static Map<String, Object> of(RowChange change) {
        var row = new LinkedHashMap<String, Object>();
        row.put("table", change.tableName());
        row.put("change", change.change().name());
        change.before().ifPresent(image -> row.put("before", image(change.table(), image)));
        change.after().ifPresent(image -> row.put("after", image(change.table(), image)));
        return row;
    }

    static Map<String, @Nullable Object> image(TableMapEvent table, List<ColumnValue> image) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < image.size(); i++) {
            if (!image.get(i).isAbsent()) {
                values.put(RowChange.columnName(table, i), image.get(i).document());
            }
        }
        return values;
    }

    /// For a line of text: the row before and after, `-` where it was not there.
    static String shown(TableMapEvent table, Optional<List<ColumnValue>> image) {
        return image.map(values -> RowChange.shown(table, values)).orElse("-");
    }
}
