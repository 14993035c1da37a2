package io.backstay.recovery.proof;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what `mariadb-binlog --verbose --base64-output=DECODE-ROWS` prints to the last image of
/// each sampled row.
///
/// ```
/// #201125  3:42:41 server id 1  end_log_pos 484 CRC32 0x2f... GTID 0-1-2 trans
/// ### UPDATE `db`.`t`
/// ### WHERE
/// ###   @1=1 /* INT ... */
/// ### SET
/// ###   @1=2 ...
/// ```
final class ToolRows {
    private static final Pattern GTID = Pattern.compile("^#.*\\tGTID (\\d+-\\d+-\\d+)\\b.*");
    private static final Pattern CHANGE =
            Pattern.compile("^### (?:INSERT INTO|UPDATE|DELETE FROM) `(.*)`\\.`(.*)`$");
    private static final int ROWS_MAX = 200;

    private final Map<TableName, Sample> samples;
    private final MariaDbGtidState after;
    private final MariaDbGtidState end;
    private boolean isCounting;
    private @Nullable Sample table;
    private boolean isAfter;
    private List<String> before = new ArrayList<>();
    private List<String> image = new ArrayList<>();
    private long transactions;

    /// Last images of one table's sampled keys: those with the lowest hashes under a random seed. A
    /// key is followed from where it is first seen: what has been pushed out never comes back.
    static final class Sample {
        private final TableDefinition definition;
        private final int[] keyColumns;
        private final Hasher64 hasher;
        private final SortedMap<Long, Row> rows = new TreeMap<>();

        /// @param image its columns as printed; empty for a row that is gone
        record Row(String key, List<String> image) {}

        Sample(TableDefinition definition, int[] keyColumns, long seed) {
            this.definition = definition;
            this.keyColumns = keyColumns;
            this.hasher = Hashing.xxh3_64(seed);
        }

        TableDefinition definition() {
            return definition;
        }

        Collection<Row> rows() {
            return rows.values();
        }

        private void see(List<String> columns, boolean isThere) {
            var key = new StringBuilder();
            for (int column : keyColumns) {
                String value =
                        ToolLiteral.value(definition.columns().get(column), columns.get(column))
                                .orElseThrow();
                key.append(key.isEmpty() ? "" : ", ").append(value);
            }
            String text = key.toString();
            long hash = hasher.hashCharsToLong(text);
            if (rows.size() < ROWS_MAX || hash <= rows.lastKey()) {
                rows.put(hash, new Row(text, isThere ? columns : List.of()));
                if (rows.size() > ROWS_MAX) {
                    rows.remove(rows.lastKey());
                }
            }
        }
    }

    /// @param after transactions in it do not count
    /// @param end transactions not in it do not count
    ToolRows(Map<TableName, Sample> samples, MariaDbGtidState after, MariaDbGtidState end) {
        this.samples = samples;
        this.after = after;
        this.end = end;
    }

    long transactions() {
        return transactions;
    }

    void read(InputStream out) throws IOException {
        var lines =
                new BufferedReader(
                        new InputStreamReader(out, StandardCharsets.ISO_8859_1), 1 << 16);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("###   @")) {
                if (table != null) {
                    (isAfter ? image : before).add(line.substring(line.indexOf('=') + 1));
                }
            } else if (line.equals("### WHERE")) {
                isAfter = false;
            } else if (line.equals("### SET")) {
                isAfter = true;
            } else {
                endRow();
                begin(line);
            }
        }
        endRow();
    }

    private void begin(String line) {
        if (line.startsWith("### ")) {
            Matcher head = CHANGE.matcher(line);
            if (head.matches()) {
                Sample sample =
                        samples.get(new TableName(name(head.group(1)), name(head.group(2))));
                table = isCounting ? sample : null;
            }
        } else if (line.contains("\tGTID ")) {
            Matcher gtid = GTID.matcher(line);
            if (gtid.matches()) {
                MariaDbGtid found = MariaDbGtid.parse(gtid.group(1));
                isCounting = end.reaches(found) && !after.reaches(found);
                transactions += isCounting ? 1 : 0;
            }
        }
    }

    /// A name's bytes are UTF-8.
    private static String name(String bytes) {
        return new String(ToolLiteral.bytes(bytes), StandardCharsets.UTF_8);
    }

    private void endRow() {
        Sample sample = table;
        if (sample != null) {
            if (!before.isEmpty()) {
                sample.see(before, false);
            }
            if (!image.isEmpty()) {
                sample.see(image, true);
            }
            table = null;
            before = new ArrayList<>();
            image = new ArrayList<>();
        }
    }
}
