package io.backstay.recovery.fold;

import java.util.Arrays;

/// For each entry (one a key) where its first image before and its last image after lie.
///
/// A place is a stretch's number and an offset in its bytes; [#ABSENT] where there was, or is, no
/// row.
final class NetRows {
    static final long ABSENT = -1;
    private static final int OFFSET_BITS = 40;

    private long[] before = new long[1 << 6];
    private long[] after = new long[1 << 6];

    static long place(int stretch, long offset) {
        return ((long) stretch << OFFSET_BITS) | offset;
    }

    static int stretchOf(long place) {
        return (int) (place >>> OFFSET_BITS);
    }

    static long offsetOf(long place) {
        return place & ((1L << OFFSET_BITS) - 1);
    }

    void add(int entry, long firstBefore, long lastAfter) {
        if (entry == before.length) {
            before = Arrays.copyOf(before, entry * 2);
            after = Arrays.copyOf(after, entry * 2);
        }
        before[entry] = firstBefore;
        after[entry] = lastAfter;
    }

    long memoryBytes() {
        return 24L * before.length; // the order of the entries comes later
    }

    void replaceAfter(int entry, long lastAfter) {
        after[entry] = lastAfter;
    }

    long before(int entry) {
        return before[entry];
    }

    long after(int entry) {
        return after[entry];
    }
}
