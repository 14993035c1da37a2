package io.backstay.recovery.fold;

import java.util.Arrays;

/// Numbers to entries 0, 1, 2, ... in the order they came; open addressing, no object a key.
final class LongKeys {
    private long[] keys = new long[1 << 6];
    private int[] slots = new int[1 << 7];
    private int size;

    int size() {
        return size;
    }

    long key(int entry) {
        return keys[entry];
    }

    int compare(int a, int b) {
        return Long.compare(keys[a], keys[b]);
    }

    int compareUnsigned(int a, int b) {
        return Long.compareUnsigned(keys[a], keys[b]);
    }

    long memoryBytes() {
        return 8L * keys.length + 4L * slots.length;
    }

    /// @return the entry, or -1
    int find(long key) {
        int mask = slots.length - 1;
        for (int slot = hash(key) & mask; ; slot = (slot + 1) & mask) {
            int entry = slots[slot] - 1;
            if (entry < 0 || keys[entry] == key) {
                return entry;
            }
        }
    }

    /// @return the entry; new if it is the former [#size]
    int findOrAdd(long key) {
        int mask = slots.length - 1;
        int slot = hash(key) & mask;
        while (slots[slot] != 0) {
            int entry = slots[slot] - 1;
            if (keys[entry] == key) {
                return entry;
            }
            slot = (slot + 1) & mask;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
        }
        keys[size] = key;
        slots[slot] = ++size;
        if (size * 2 > slots.length) {
            grow();
        }
        return size - 1;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int entry = 0; entry < size; entry++) {
            int slot = hash(keys[entry]) & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = entry + 1;
        }
    }

    private static int hash(long key) {
        long h = key * 0x9E37_79B9_7F4A_7C15L;
        return (int) (h >>> 32) ^ (int) (h >>> 17);
    }
}
