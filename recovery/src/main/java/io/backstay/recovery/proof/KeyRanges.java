package io.backstay.recovery.proof;

import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.ChunkReader;
import io.backstay.recovery.archive.LineReader;
import io.backstay.recovery.rows.IntegerKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The ranges of one table's first key column that digests are kept for: they begin where chunks of
/// the base begin, so that each is about as big. A table whose key begins with no integer is one
/// range.
///
/// Where they begin decides how finely a difference is told, nothing else: both sides are sorted
/// into the same ranges. Immutable.
public final class KeyRanges {
    private final @Nullable IntegerKey key;
    private final long[] starts;

    private KeyRanges(@Nullable IntegerKey key, long[] starts) {
        this.key = key;
        this.starts = starts;
    }

    /// @param countMax at least 1
    public static KeyRanges of(Archive archive, Table table, int countMax) {
        Optional<IntegerKey> key = IntegerKey.find(table);
        int count = Math.min(countMax, table.chunks().size());
        if (key.isEmpty() || count < 2) {
            return new KeyRanges(key.orElse(null), new long[0]);
        }
        var starts = new ArrayList<Long>();
        for (int i = 1; i < count; i++) {
            Chunk chunk = table.chunks().get((int) ((long) i * table.chunks().size() / count));
            firstKey(archive, chunk, key.get()).ifPresent(starts::add);
        }
        return new KeyRanges(key.get(), sorted(key.get(), starts));
    }

    /// @param starts as [#starts] gave them
    public static KeyRanges at(Table table, List<Long> starts) {
        IntegerKey key = IntegerKey.find(table).orElse(null);
        return new KeyRanges(key, starts.stream().mapToLong(Long::longValue).toArray());
    }

    private static long[] sorted(IntegerKey key, List<Long> starts) {
        return starts.stream().sorted(key::compare).distinct().mapToLong(Long::longValue).toArray();
    }

    private static Optional<Long> firstKey(Archive archive, Chunk chunk, IntegerKey key) {
        try (InputStream text = ChunkReader.open(archive, chunk.part())) {
            var lines = new LineReader(text);
            return lines.next()
                    ? Optional.of(key.of(lines.buffer(), lines.from()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int count() {
        return starts.length + 1;
    }

    /// Where the ranges but the first begin, ascending.
    public List<Long> starts() {
        return java.util.Arrays.stream(starts).boxed().toList();
    }

    /// @param likely the answer of the row before, which is tried first
    int rangeOf(byte[] row, int from, int likely) {
        IntegerKey column = key;
        if (starts.length == 0 || column == null) {
            return 0;
        }
        long value = column.of(row, from);
        boolean isThere =
                (likely == 0 || column.compare(starts[likely - 1], value) <= 0)
                        && (likely == starts.length || column.compare(value, starts[likely]) < 0);
        if (isThere) {
            return likely;
        }
        int low = 0;
        int high = starts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (column.compare(starts[middle], value) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The range as a condition in SQL; empty for all rows.
    public String condition(int range) {
        IntegerKey column = key;
        if (starts.length == 0 || column == null) {
            return "";
        }
        String from = range == 0 ? "" : column.quoted() + " >= " + column.text(starts[range - 1]);
        String to =
                range == starts.length ? "" : column.quoted() + " < " + column.text(starts[range]);
        return from + (from.isEmpty() || to.isEmpty() ? "" : " AND ") + to;
    }

    /// For people and certificates: `all rows` or the condition.
    public String text(int range) {
        String condition = condition(range);
        return condition.isEmpty() ? "all rows" : condition.replace("`", "");
    }
}
