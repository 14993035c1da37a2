package io.backstay.recovery.fold;

import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.TableDefinition;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// The net row changes of one table: which base rows are void, and the rows that take their place.
///
/// A table's content is its base rows without those that [Reader#replacesBaseRow] names, and all
/// rows of [#forEachAfterImage]. Rows are LOAD DATA text, fields in the order of [#loadColumns]:
/// tab between fields, `\N` for NULL, backslash before backslash, `t`, `n`, `r` and `0`. Immutable;
/// readers on several threads each take a [#reader].
public final class FoldedTable {
    private final TableFold fold;
    private final List<MemorySegment> stretches;

    FoldedTable(TableFold fold, List<MemorySegment> stretches) {
        this.fold = fold;
        this.stretches = stretches;
    }

    public TableDefinition definition() {
        return fold.definition();
    }

    /// The columns of the text, in table order: all that are not generated.
    public List<ColumnDefinition> loadColumns() {
        return fold.definition().storedColumns();
    }

    /// Keys that the log touched, those that came and went included.
    public int keys() {
        return fold.keys();
    }

    /// Rows that [#forEachAfterImage] gives.
    public long afterImages() {
        long count = 0;
        for (int entry = 0; entry < keys(); entry++) {
            if (fold.rows().after(entry) != NetRows.ABSENT) {
                count++;
            }
        }
        return count;
    }

    /// Keys whose row is gone at the end.
    public long absentKeys() {
        return keys() - afterImages();
    }

    /// Takes one row.
    @FunctionalInterface
    public interface RowSink<E extends Exception> {
        /// @param text holds the row from `from` on; valid during the call only
        /// @param count bytes of the row without its line feed, which follows it in `text`
        void row(byte[] text, int from, int count) throws E;
    }

    /// All rows that are there at the end of those the log touched, each once, in no order.
    public <E extends Exception> void forEachAfterImage(RowSink<E> sink) throws E {
        var out = new RowBuffer();
        for (int entry = 0; entry < keys(); entry++) {
            long place = fold.rows().after(entry);
            if (place != NetRows.ABSENT) {
                out.clear();
                fold.render(stretches.get(NetRows.stretchOf(place)), NetRows.offsetOf(place), out);
                out.put('\n');
                sink.row(out.bytes(), 0, out.length() - 1);
            }
        }
    }

    /// Takes the net change of one row; empty where there was, or is, no row.
    @FunctionalInterface
    public interface ChangeSink {
        void change(Optional<RowImage> before, Optional<RowImage> after);
    }

    /// Every row whose first image before and last image after differ, in no order.
    public void forEachChange(ChangeSink sink) {
        for (int entry = 0; entry < keys(); entry++) {
            Optional<RowImage> before = image(fold.rows().before(entry));
            Optional<RowImage> after = image(fold.rows().after(entry));
            boolean isSame =
                    before.isPresent()
                            && after.isPresent()
                            && before.get().logged().mismatch(after.get().logged()) < 0;
            if (!isSame && (before.isPresent() || after.isPresent())) {
                sink.change(before, after);
            }
        }
    }

    private Optional<RowImage> image(long place) {
        if (place == NetRows.ABSENT) {
            return Optional.empty();
        }
        MemorySegment s = stretches.get(NetRows.stretchOf(place));
        long from = NetRows.offsetOf(place);
        long end = fold.layout().rowEnd(s, from, s.byteSize());
        return Optional.of(new RowImage(s.asSlice(from, end - from), fold));
    }

    /// A lookup for one thread.
    public Reader reader() {
        return new Reader();
    }

    /// Looks base rows up. Not safe for use by several threads.
    public final class Reader {
        private final RowBuffer key = new RowBuffer();

        private Reader() {}

        /// Whether the log touched the row: then it must not be loaded from the base.
        ///
        /// @param line a base row as LOAD DATA text, in the columns of [#loadColumns]
        /// @param to behind its last byte, its line feed not included
        /// @throws io.backstay.doors.Problem if a number of the key cannot be read
        public boolean replacesBaseRow(byte[] line, int from, int to) {
            return fold.findText(line, from, to, key) >= 0;
        }
    }
}
