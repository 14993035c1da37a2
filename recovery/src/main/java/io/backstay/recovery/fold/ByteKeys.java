package io.backstay.recovery.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Byte strings to entries 0, 1, 2, ... in the order they came; the bytes lie in pages, no object a
/// key.
final class ByteKeys {
    private static final int PAGE_BYTES = 1 << 20;

    private final List<byte[]> pages = new ArrayList<>();
    private int pageLength = PAGE_BYTES;
    private long[] places = new long[1 << 6];
    private int[] lengths = new int[1 << 6];
    private int[] hashes = new int[1 << 6];
    private int[] slots = new int[1 << 7];
    private int size;

    int size() {
        return size;
    }

    /// By their unsigned bytes.
    int compare(int a, int b) {
        return Arrays.compareUnsigned(
                page(a),
                (int) places[a],
                (int) places[a] + lengths[a],
                page(b),
                (int) places[b],
                (int) places[b] + lengths[b]);
    }

    void copy(int entry, RowBuffer into) {
        into.clear();
        into.putRaw(page(entry), (int) places[entry], lengths[entry]);
    }

    private byte[] page(int entry) {
        return pages.get((int) (places[entry] >>> 32));
    }

    long memoryBytes() {
        return (long) pages.size() * PAGE_BYTES + 16L * places.length + 4L * slots.length;
    }

    /// @return the entry, or -1
    int find(byte[] bytes, int length) {
        return slots[slotOf(bytes, length, hash(bytes, length))] - 1;
    }

    /// @return the entry; new if it is the former [#size]
    int findOrAdd(byte[] bytes, int length) {
        int hash = hash(bytes, length);
        int slot = slotOf(bytes, length, hash);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (size == places.length) {
            places = Arrays.copyOf(places, size * 2);
            lengths = Arrays.copyOf(lengths, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        places[size] = store(bytes, length);
        lengths[size] = length;
        hashes[size] = hash;
        slots[slot] = ++size;
        if (size * 2 > slots.length) {
            grow();
        }
        return size - 1;
    }

    private int slotOf(byte[] bytes, int length, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0 && !isAt(slots[slot] - 1, bytes, length, hash)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isAt(int entry, byte[] bytes, int length, int hash) {
        if (hashes[entry] != hash || lengths[entry] != length) {
            return false;
        }
        byte[] page = page(entry);
        int from = (int) places[entry];
        return Arrays.equals(page, from, from + length, bytes, 0, length);
    }

    private long store(byte[] bytes, int length) {
        if (pageLength + length > PAGE_BYTES) {
            pages.add(new byte[Math.max(PAGE_BYTES, length)]);
            pageLength = 0;
        }
        System.arraycopy(bytes, 0, pages.getLast(), pageLength, length);
        long place = ((long) (pages.size() - 1) << 32) | pageLength;
        pageLength += length;
        return place;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int entry = 0; entry < size; entry++) {
            int slot = hashes[entry] & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = entry + 1;
        }
    }

    private static int hash(byte[] bytes, int length) {
        long h = length;
        for (int i = 0; i < length; i++) {
            h = (h ^ bytes[i]) * 0x9E37_79B9_7F4A_7C15L;
            h ^= h >>> 29;
        }
        return (int) h ^ (int) (h >>> 32);
    }
}
