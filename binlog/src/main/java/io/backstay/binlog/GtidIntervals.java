package io.backstay.binlog;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Numbers from 1 on as sorted intervals that neither overlap nor touch. Immutable.
///
/// @param lastByFirst both inclusive; never changed after construction
record GtidIntervals(NavigableMap<Long, Long> lastByFirst) {
    static final GtidIntervals NONE = new GtidIntervals(new TreeMap<>());

    boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    boolean contains(long number) {
        Map.Entry<Long, Long> at = lastByFirst.floorEntry(number);
        return at != null && at.getValue() >= number;
    }

    GtidIntervals union(GtidIntervals other) {
        var all = new TreeMap<>(lastByFirst);
        other.lastByFirst.forEach((first, last) -> add(all, first, last));
        return new GtidIntervals(all);
    }

    GtidIntervals minus(GtidIntervals other) {
        var left = new TreeMap<Long, Long>();
        lastByFirst.forEach(
                (first, last) -> {
                    long from = first;
                    Long begin = other.lastByFirst.floorKey(from);
                    for (var hole :
                            other.lastByFirst
                                    .subMap(begin == null ? from : begin, true, last, true)
                                    .entrySet()) {
                        if (hole.getKey() > from) {
                            left.put(from, hole.getKey() - 1);
                        }
                        from = Math.max(from, hole.getValue() + 1);
                    }
                    if (from <= last) {
                        left.put(from, last);
                    }
                });
        return new GtidIntervals(left);
    }

    long count() {
        return lastByFirst.entrySet().stream().mapToLong(e -> e.getValue() - e.getKey() + 1).sum();
    }

    /// Joins it with what it overlaps or touches.
    static void add(NavigableMap<Long, Long> all, long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = all.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        Map.Entry<Long, Long> next = all.ceilingEntry(from);
        while (next != null && next.getKey() <= to + 1) {
            to = Math.max(to, next.getValue());
            all.remove(next.getKey());
            next = all.ceilingEntry(from);
        }
        all.put(from, to);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        lastByFirst.forEach(
                (first, last) -> {
                    text.append(text.isEmpty() ? "" : ":").append(first);
                    if (!first.equals(last)) {
                        text.append('-').append(last);
                    }
                });
        return text.toString();
    }
}
