package io.backstay.recovery.restore;

import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.rows.RowSelect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Rows as the log left them, in the order of the first key column, so that they can go in among
/// the base's rows: a server with a small buffer pool loads rows in key order several times faster.
///
/// Only where that column is an integer, whose order needs no collation, and up to
/// [#LARGEST_BYTES]; the order is for speed alone, nothing depends on it. One thread.
final class OrderedRows {
    static final long LARGEST_BYTES = 192L << 20;

    private static final Set<String> INTEGERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
    private static final int PAGE_BYTES = 1 << 20;

    private final int keyField;
    private final boolean isUnsigned;
    private final List<byte[]> pages = new ArrayList<>();
    private int pageUsed = PAGE_BYTES;
    private long[] keys = new long[1 << 10];
    private long[] places = new long[1 << 10];
    private int[] lengths = new int[1 << 10];
    private int size;
    private long bytes;
    private int[] order = {};
    private int next;

    private OrderedRows(int keyField, boolean isUnsigned) {
        this.keyField = keyField;
        this.isUnsigned = isUnsigned;
    }

    static boolean isFor(Table table) {
        return keyField(table) >= 0;
    }

    static OrderedRows of(Table table) {
        int field = keyField(table);
        return new OrderedRows(
                field, RowSelect.stored(table).get(field).columnType().contains("unsigned"));
    }

    private static int keyField(Table table) {
        List<Column> columns = RowSelect.stored(table);
        for (int i = 0; i < columns.size(); i++) {
            if (!table.primaryKey().isEmpty()
                    && columns.get(i).name().equalsIgnoreCase(table.primaryKey().getFirst())) {
                return INTEGERS.contains(columns.get(i).dataType()) ? i : -1;
            }
        }
        return -1;
    }

    boolean hasRoom() {
        return bytes < LARGEST_BYTES && size < Integer.MAX_VALUE / 4;
    }

    /// @param count bytes of the row without its line feed, which follows it
    void add(byte[] row, int from, int count) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            places = Arrays.copyOf(places, 2 * size);
            lengths = Arrays.copyOf(lengths, 2 * size);
        }
        if (pageUsed + count + 1 > PAGE_BYTES) {
            pages.add(new byte[Math.max(PAGE_BYTES, count + 1)]);
            pageUsed = 0;
        }
        System.arraycopy(row, from, pages.getLast(), pageUsed, count + 1);
        keys[size] = key(row, from);
        places[size] = ((long) (pages.size() - 1) << 32) | pageUsed;
        lengths[size] = count;
        size++;
        pageUsed += count + 1;
        bytes += count + 1;
    }

    void sort() {
        order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        int[] from = order;
        int[] to = new int[size];
        for (long width = 1; width < size; width *= 2) {
            for (long low = 0; low < size; low += 2 * width) {
                merge(
                        from,
                        to,
                        (int) low,
                        (int) Math.min(low + width, size),
                        (int) Math.min(low + 2 * width, size));
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        order = from;
    }

    private void merge(int[] from, int[] to, int low, int middle, int high) {
        int a = low;
        int b = middle;
        for (int i = low; i < high; i++) {
            boolean takesFirst =
                    b >= high || (a < middle && compare(keys[from[a]], keys[from[b]]) <= 0);
            to[i] = takesFirst ? from[a++] : from[b++];
        }
    }

    /// Takes one row.
    interface Sink {
        void row(byte[] row, int from, int count) throws InterruptedException;
    }

    /// Hands out all rows that come before this base row.
    void before(byte[] row, int from, Sink sink) throws InterruptedException {
        if (next < size) {
            long key = key(row, from);
            while (next < size && compare(keys[order[next]], key) < 0) {
                handOne(sink);
            }
        }
    }

    /// Hands out all that are left.
    void rest(Sink sink) throws InterruptedException {
        while (next < size) {
            handOne(sink);
        }
    }

    private void handOne(Sink sink) throws InterruptedException {
        int entry = order[next++];
        sink.row(pages.get((int) (places[entry] >>> 32)), (int) places[entry], lengths[entry]);
    }

    private int compare(long a, long b) {
        return isUnsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b);
    }

    private long key(byte[] row, int from) {
        int at = from;
        for (int field = 0; field < keyField; field++) {
            while (row[at] != '\t') {
                at++;
            }
            at++;
        }
        boolean isNegative = row[at] == '-';
        long value = 0;
        for (at += isNegative ? 1 : 0; row[at] >= '0' && row[at] <= '9'; at++) {
            value = 10 * value + row[at] - '0';
        }
        return isNegative ? -value : value;
    }
}
