package io.backstay.recovery.fold;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.backstay.binlog.EventOrigin;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.TableDefinition;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The net row changes of one table: which base rows are void, and the rows that take their place.
///
/// A table's content is its base rows without those that [Reader#replacesBaseRow] names, and all
/// rows of [#afterImages]. Rows are LOAD DATA text, fields in the order of [#loadColumns]: tab
/// between fields, `\N` for NULL, backslash before backslash, `t`, `n`, `r` and `0`. Immutable;
/// readers on several threads each take a [#reader].
public final class FoldedTable {
    private static final Hasher64 XXH3 = Hashing.xxh3_64();
    private static final String HINT =
            "rows were changed with sql_log_bin off, or the log is another server's: take a new base"
                    + " with `backstay backup`.";

    private final TableDefinition definition;
    private final Optional<TableFold> fold;
    private final Optional<StatementLanes.Emptied> emptied;
    private final List<LogStretch> stretches;
    private final boolean isBiggerThanMemory;

    /// @param fold empty: no row changed, but the base's rows are void
    /// @param isBiggerThanMemory of all stretches together
    FoldedTable(
            TableDefinition definition,
            Optional<TableFold> fold,
            Optional<StatementLanes.Emptied> emptied,
            List<LogStretch> stretches,
            boolean isBiggerThanMemory) {
        this.isBiggerThanMemory = isBiggerThanMemory;
        this.definition = definition;
        this.emptied = emptied;
        this.fold = fold;
        this.stretches = stretches;
    }

    public TableDefinition definition() {
        return definition;
    }

    /// The columns of the text, in table order: all that are not generated.
    public List<ColumnDefinition> loadColumns() {
        return definition.storedColumns();
    }

    /// The log emptied the table: no row of the base counts.
    public boolean isBaseVoid() {
        return fold.map(TableFold::isBaseVoid).orElse(true);
    }

    /// The statement that did so first.
    public Optional<LaneReason> emptiedBy() {
        return emptied.map(StatementLanes.Emptied::reason);
    }

    /// A place where the log changed a row.
    public Optional<EventOrigin> firstChange() {
        NetCursor entry = entries();
        if (!entry.next()) {
            return Optional.empty();
        }
        long place =
                entry.placeBefore() == NetRows.ABSENT ? entry.placeAfter() : entry.placeBefore();
        return place == NetRows.ABSENT
                ? Optional.empty()
                : Optional.of(
                        new EventOrigin(
                                stretches.get(NetRows.stretchOf(place)).file(),
                                NetRows.offsetOf(place)));
    }

    /// Rows that the log touched, those that came and went included; without a primary key,
    /// different rows.
    public long keys() {
        return fold.map(table -> table.changes().size()).orElse(0L);
    }

    /// Rows that [#afterImages] gives.
    public long afterImageCount() {
        long count = 0;
        for (NetCursor entry = entries(); entry.next(); ) {
            count += entry.countAfter();
        }
        return count;
    }

    /// Keys whose row is gone at the end.
    public long absentKeys() {
        return keys() - afterImageCount();
    }

    private NetCursor entries() {
        return fold.map(table -> table.changes().cursor()).orElse(NetCursor.NONE);
    }

    /// All rows that are there at the end of those the log touched, as often as they are there; in
    /// the order of the primary key's first column if there is one and it is an integer.
    public AfterImages afterImages() {
        return new RenderedImages(
                entries(), fold.map(TableFold::renderer), stretches, isBiggerThanMemory);
    }

    /// Takes the net change of one row; empty where there was, or is, no row.
    @FunctionalInterface
    public interface ChangeSink {
        void change(Optional<RowImage> before, Optional<RowImage> after);
    }

    /// Whether each row has a key of its own, so that it can be changed alone.
    public boolean isKeyed() {
        return fold.map(TableFold::isKeyed).orElse(true);
    }

    /// Every row whose first image before and last image after differ.
    ///
    /// @throws IllegalStateException unless [#isKeyed], or if [#isBaseVoid]
    public void forEachChange(ChangeSink sink) {
        if (!isKeyed() || isBaseVoid()) {
            throw new IllegalStateException(definition.name() + " has no changes row by row");
        }
        for (NetCursor entry = entries(); entry.next(); ) {
            Optional<RowImage> before = image(entry.placeBefore());
            Optional<RowImage> after =
                    entry.countAfter() == 0 ? Optional.empty() : image(entry.placeAfter());
            boolean isSame =
                    before.isPresent()
                            && after.isPresent()
                            && before.get().logged().mismatch(after.get().logged()) < 0;
            if (!isSame && (before.isPresent() || after.isPresent())) {
                sink.change(before, after);
            }
        }
    }

    /// Digest of the net changes, whatever their order: two folds with equal ones do the same to a
    /// base. Rows that came and went are not in it.
    public String digest() {
        long rows = 0;
        long sum = 0;
        var text = new RowBuffer();
        for (NetCursor entry = entries(); entry.next(); ) {
            int before = entry.countBefore();
            int after = entry.countAfter();
            if (before == 0 && after == 0) {
                continue;
            }
            text.clear();
            putImage(text, before, entry.placeBefore());
            putImage(text, after, entry.placeAfter());
            rows++;
            sum += XXH3.hashBytesToLong(text.bytes(), 0, text.length());
        }
        return (isBaseVoid() ? "emptied, " : "") + rows + ":" + HexFormat.of().toHexDigits(sum);
    }

    /// Rows with a key that were not there before the first change and are not there at the end.
    public long vanishedRows() {
        long count = 0;
        for (NetCursor entry = entries(); isKeyed() && entry.next(); ) {
            count += entry.countBefore() == 0 && entry.countAfter() == 0 ? 1 : 0;
        }
        return count;
    }

    private void putImage(RowBuffer text, int count, long place) {
        text.putInt64(count);
        if (count > 0) {
            fold.orElseThrow()
                    .renderer()
                    .render(stretch(place).bytes(), NetRows.offsetOf(place), text);
        }
        text.put('\n');
    }

    /// Where the statement that first emptied the table stands.
    Optional<Long> emptiedAt() {
        return emptied.map(StatementLanes.Emptied::place);
    }

    /// Empty: no row changed.
    Optional<TableFold> fold() {
        return fold;
    }

    LogStretch stretch(long place) {
        return stretches.get(NetRows.stretchOf(place));
    }

    private Optional<RowImage> image(long place) {
        if (place == NetRows.ABSENT) {
            return Optional.empty();
        }
        TableFold table = fold.orElseThrow();
        MemorySegment s = stretches.get(NetRows.stretchOf(place)).bytes();
        long from = NetRows.offsetOf(place);
        long end = table.layout().rowEnd(s, from, s.byteSize());
        return Optional.of(new RowImage(s.asSlice(from, end - from), table.renderer()));
    }

    /// A lookup for one thread and one pass over the base.
    public Reader reader() {
        return new Reader();
    }

    /// Looks base rows up, each once. Not safe for use by several threads.
    public final class Reader {
        private final Optional<NetChanges.BaseLookup> lookup =
                fold.map(table -> table.changes().lookup());

        private Reader() {}

        /// Whether the log touched the row: then it must not be loaded from the base.
        ///
        /// @param line a base row as LOAD DATA text, in the columns of [#loadColumns]
        /// @param to behind its last byte, its line feed not included
        /// @throws Problem if a number of the key cannot be read, or base and log contradict each
        ///   other
        public boolean replacesBaseRow(byte[] line, int from, int to) {
            try {
                return lookup.isEmpty() || lookup.get().isVoid(line, from, to);
            } catch (NetChanges.Contradiction e) {
                throw new Problem(ErrorCode.FAILED, what(String.valueOf(e.getMessage())), HINT, e);
            }
        }

        /// When all base rows were looked up.
        ///
        /// @throws Problem if the log changed rows that the base does not have
        public void requireAllFound() {
            long missing = isBaseVoid() ? 0 : lookup.map(NetChanges.BaseLookup::missing).orElse(0L);
            if (missing != 0) {
                throw new Problem(
                        ErrorCode.FAILED,
                        what(
                                "the log changed or deleted %d rows that the base does not have"
                                        .formatted(missing)),
                        HINT);
            }
        }

        private String what(String reason) {
            return "base and log of %s do not belong together: %s"
                    .formatted(definition.name(), reason);
        }
    }
}
