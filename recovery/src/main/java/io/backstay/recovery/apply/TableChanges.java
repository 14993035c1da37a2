package io.backstay.recovery.apply;

import com.dynatrace.hash4j.hashing.Hashing;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.apply.RowEvents.Act;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.fold.RowImage;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowTextQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One table's net changes on a running server, in its open transaction: put on, or taken back.
///
/// A row is changed only if the server has it now exactly as the stretch left it (to take it back)
/// or found it (to put it on); it is locked when it is looked at, and stays so until the
/// transaction ends.
public final class TableChanges {
    private static final int BATCH_ROWS = 256;
    private static final long BATCH_BYTES = 1 << 20;
    private static final int CONFLICTS_SHOWN = 1000;

    private final Table table;
    private final FoldedTable changes;
    private final Direction direction;
    private final List<Child> children;
    private final RowKey key;
    private final TableName name;

    /// Which way a stretch is gone.
    public enum Direction {
        /// To what was after it.
        FORWARD,
        /// To what was before it.
        BACK
    }

    /// What looking at one table found.
    ///
    /// @param deletes rows to be deleted
    /// @param already rows that are as they are to be
    /// @param conflicts rows that are neither as they were nor as they are to be; not touched
    /// @param imagesDigest of all that would be put
    public record TableLook(
            String table,
            long deletes,
            long updates,
            long inserts,
            long already,
            long conflicts,
            String imagesDigest) {

        public long rows() {
            return deletes + updates + inserts;
        }
    }

    /// A foreign key of the running server by which another table hangs on this one.
    ///
    /// @param parentColumns of this table
    record Child(TableName table, String constraint, List<String> columns, RowKey parentColumns) {}

    /// A row, as it is to be and as it must be now.
    private record Change(Optional<RowImage> before, Optional<RowImage> after) {
        private byte[] keyRow() {
            return after.or(() -> before).orElseThrow().text();
        }
    }

    /// What looking at the server found out.
    public static final class Look {
        private long deletes;
        private long updates;
        private long inserts;
        private long already;
        private long conflicts;
        private long images;
        private final List<String> shown = new ArrayList<>();

        public List<String> conflictsShown() {
            return shown;
        }

        public TableLook of(String table) {
            return new TableLook(
                    table,
                    deletes,
                    updates,
                    inserts,
                    already,
                    conflicts,
                    HexFormat.of().toHexDigits(images));
        }
    }

    TableChanges(Table table, FoldedTable changes, Direction direction, List<Child> children) {
        this.direction = direction;
        this.table = table;
        this.changes = changes;
        this.children = children;
        this.name = table.definition().name();
        this.key = RowKey.ofPrimaryKey(table.definition());
    }

    public TableDefinition definition() {
        return table.definition();
    }

    public Look look(Server server) {
        var look = new Look();
        inBatches(
                batch -> {
                    Map<String, byte[]> now = now(server, batch);
                    for (Change change : batch) {
                        look(change, now.get(identity(change)), look);
                    }
                });
        return look;
    }

    private void look(Change change, byte @Nullable [] now, Look look) {
        byte[] after = change.after().map(RowImage::text).orElse(null);
        byte[] before = change.before().map(RowImage::text).orElse(null);
        if (Arrays.equals(now, before)) {
            look.already++;
        } else if (!Arrays.equals(now, after)) {
            look.conflicts++;
            if (look.shown.size() < CONFLICTS_SHOWN) {
                look.shown.add(
                        "%s, key %s: %s"
                                .formatted(
                                        name,
                                        shown(change),
                                        now == null
                                                ? "it is gone since"
                                                : after == null
                                                        ? "it is there again since"
                                                        : "it was changed since"));
            }
        } else {
            look.deletes += before == null ? 1 : 0;
            look.inserts += after == null ? 1 : 0;
            look.updates += before != null && after != null ? 1 : 0;
            look.images +=
                    Hashing.xxh3_64()
                            .hashBytesToLong(
                                    (identity(change)
                                                    + "\n"
                                                    + (before == null
                                                            ? "\\N"
                                                            : new String(
                                                                    before,
                                                                    StandardCharsets.ISO_8859_1)))
                                            .getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /// Changes the rows of one kind.
    public void apply(Server server, RowEvents events, Act act) {
        inBatches(
                batch -> {
                    List<Change> ofKind = batch.stream().filter(c -> act(c) == act).toList();
                    if (ofKind.isEmpty()) {
                        return;
                    }
                    Map<String, byte[]> now = now(server, ofKind);
                    List<Change> fit =
                            ofKind.stream()
                                    .filter(
                                            c ->
                                                    Arrays.equals(
                                                            now.get(identity(c)),
                                                            c.after()
                                                                    .map(RowImage::text)
                                                                    .orElse(null)))
                                    .toList();
                    if (!fit.isEmpty()) {
                        requireNoChildren(server, act, fit);
                        server.execute(events.statement(name, act, images(act, fit)));
                    }
                });
    }

    private static Act act(Change change) {
        return change.before().isEmpty()
                ? Act.DELETE
                : change.after().isEmpty() ? Act.INSERT : Act.UPDATE;
    }

    private static List<RowImage> images(Act act, List<Change> changes) {
        var images = new ArrayList<RowImage>();
        for (Change change : changes) {
            if (act != Act.INSERT) {
                images.add(change.after().orElseThrow());
            }
            if (act != Act.DELETE) {
                images.add(change.before().orElseThrow());
            }
        }
        return images;
    }

    /// The server itself would change or forbid rows that hang on these.
    private void requireNoChildren(Server server, Act act, List<Change> fit) {
        if (act == Act.INSERT) {
            return;
        }
        for (Child child : children) {
            var tuples = new ArrayList<String>();
            for (Change change : fit) {
                byte[] after = change.after().orElseThrow().text();
                boolean isKept =
                        change.before().isPresent()
                                && child.parentColumns()
                                        .identity(after, after.length)
                                        .equals(identity(child.parentColumns(), change.before()));
                if (!isKept && !child.parentColumns().hasNull(after)) {
                    tuples.add(child.parentColumns().tuple(after));
                }
            }
            if (tuples.isEmpty()) {
                continue;
            }
            String columns =
                    String.join(", ", child.columns().stream().map(Identifier::quote).toList());
            Optional<String> found =
                    server.findValue(
                            "SELECT CONCAT_WS(', ', %s) FROM %s WHERE (%s) IN (%s) LIMIT 1 FOR UPDATE"
                                    .formatted(
                                            columns,
                                            Identifier.quote(child.table()),
                                            columns,
                                            String.join(", ", tuples)));
            if (found.isPresent()) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "cannot take the row %s of %s out: rows of %s hang on it by the foreign key %s"
                                .formatted(found.get(), name, child.table(), child.constraint()),
                        "undo those rows too: add the table to --tables, or delete them first. Nothing was changed.");
            }
        }
    }

    private static String identity(RowKey columns, Optional<RowImage> image) {
        byte[] text = image.orElseThrow().text();
        return columns.identity(text, text.length);
    }

    private String identity(Change change) {
        byte[] row = change.keyRow();
        return key.identity(row, row.length);
    }

    private String shown(Change change) {
        return identity(change).replace("\t", ", ");
    }

    private Map<String, byte[]> now(Server server, List<Change> batch) {
        var rows = new HashMap<String, byte[]>();
        String tuples = String.join(", ", batch.stream().map(c -> key.tuple(c.keyRow())).toList());
        RowTextQuery.run(
                server,
                "SELECT %s FROM %s WHERE (%s) IN (%s) FOR UPDATE"
                        .formatted(
                                RowSelect.list(table), Identifier.quote(name), key.list(), tuples),
                RowSelect.isFloating(table),
                (text, from, count) -> {
                    byte[] row = Arrays.copyOfRange(text, from, from + count);
                    rows.put(key.identity(row, count), row);
                });
        return rows;
    }

    private interface BatchSink {
        void take(List<Change> batch);
    }

    private void inBatches(BatchSink sink) {
        var batch = new ArrayList<Change>();
        long[] bytes = new long[1];
        changes.forEachChange(
                (before, after) -> {
                    batch.add(
                            direction == Direction.BACK
                                    ? new Change(before, after)
                                    : new Change(after, before));
                    bytes[0] += before.map(i -> i.logged().byteSize()).orElse(0L);
                    bytes[0] += after.map(i -> i.logged().byteSize()).orElse(0L);
                    if (batch.size() == BATCH_ROWS || bytes[0] > BATCH_BYTES) {
                        sink.take(List.copyOf(batch));
                        batch.clear();
                        bytes[0] = 0;
                    }
                });
        if (!batch.isEmpty()) {
            sink.take(List.copyOf(batch));
        }
    }
}
