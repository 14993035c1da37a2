package io.backstay.binlog.look;

import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.TableMetadata;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Which columns tell one row of a table from another.
///
/// @param columns from 0, in key order
/// @param source how that is known
public record KeyColumns(List<Integer> columns, Source source) {

    public KeyColumns {
        columns = List.copyOf(columns);
    }

    /// Where the knowledge is from.
    public enum Source {
        /// The log names the primary key (`binlog_row_metadata=FULL`).
        LOG,
        /// Said by whoever asks.
        ASKED,
        /// Nobody says it: the first columns, as many as the key asked for has parts.
        ASSUMED
    }

    /// The columns that were named, else the primary key that the log names, else the first `parts`
    /// columns.
    ///
    /// @param named names, or numbers from 1; empty if none were given
    /// @throws Problem if a column is named that the table has not, or there are fewer than parts
    public static KeyColumns of(TableMapEvent table, List<String> named, int parts) {
        KeyColumns found = find(table, named, parts);
        if (found.columns.size() != parts) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "the key of %s.%s has %d columns, found a key of %d values"
                            .formatted(table.schema(), table.table(), found.columns.size(), parts),
                    "give one value for each, with commas between: `--key 7,blue`.");
        }
        return found;
    }

    private static KeyColumns find(TableMapEvent table, List<String> named, int parts) {
        if (!named.isEmpty()) {
            var columns = new ArrayList<Integer>();
            named.forEach(name -> columns.add(column(table, name)));
            return new KeyColumns(columns, Source.ASKED);
        }
        List<TableMetadata.KeyPart> key = table.metadata().primaryKey();
        if (!key.isEmpty()) {
            return new KeyColumns(
                    key.stream().map(TableMetadata.KeyPart::column).toList(), Source.LOG);
        }
        int count = Math.min(parts, table.columns().size());
        return new KeyColumns(IntStream.range(0, count).boxed().toList(), Source.ASSUMED);
    }

    static int column(TableMapEvent table, String name) {
        for (int i = 0; i < table.columns().size(); i++) {
            if (name.equals(Integer.toString(i + 1))
                    || RowChange.columnName(table, i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new Problem(
                ErrorCode.USAGE,
                "%s.%s has no column '%s' in the log"
                        .formatted(table.schema(), table.table(), name),
                "name it as the log does, or by its number from 1 to "
                        + table.columns().size()
                        + ": the log has names only with binlog_row_metadata=FULL.");
    }
}
