package io.backstay.recovery.fold;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The net changes of a table without a primary key: a multiset of whole rows. A row is told by a
/// 128 bit hash (XXH3) of its text; its count is how many more, or fewer, there are at the end.
final class CountedChanges implements NetChanges {
    private static final Hasher128 XXH3 = Hashing.xxh3_128();
    private static final int HASH_BYTES = 16;

    private final RowRenderer renderer;
    private final boolean isBaseVoid;
    private final ByteKeys hashes = new ByteKeys();
    private final RowBuffer row = new RowBuffer();
    private final byte[] hash = new byte[HASH_BYTES];
    private int[] counts = new int[1 << 6];
    private long[] places = new long[1 << 6];

    CountedChanges(RowRenderer renderer, boolean isBaseVoid) {
        this.renderer = renderer;
        this.isBaseVoid = isBaseVoid;
    }

    @Override
    public long size() {
        return hashes.size();
    }

    @Override
    public long memoryBytes() {
        return hashes.memoryBytes() + 12L * counts.length;
    }

    @Override
    public void finish() {
        // a multiset has no order
    }

    @Override
    public NetCursor cursor() {
        return new Cursor();
    }

    private final class Cursor implements NetCursor {
        private int entry = -1;

        @Override
        public boolean next() {
            return ++entry < hashes.size();
        }

        @Override
        public int countAfter() {
            return Math.max(0, counts[entry]);
        }

        @Override
        public int countBefore() {
            return Math.max(0, -counts[entry]);
        }

        @Override
        public long placeAfter() {
            return places[entry];
        }

        @Override
        public long placeBefore() {
            return counts[entry] < 0 ? places[entry] : NetRows.ABSENT;
        }
    }

    @Override
    public void insert(MemorySegment s, long at, long place) {
        add(s, at, place, 1);
    }

    @Override
    public void delete(MemorySegment s, long at, long place) {
        add(s, at, place, -1);
    }

    @Override
    public void update(
            MemorySegment s, long before, long beforePlace, long after, long afterPlace) {
        add(s, before, beforePlace, -1);
        add(s, after, afterPlace, 1);
    }

    private void add(MemorySegment s, long at, long place, int difference) {
        row.clear();
        renderer.render(s, at, row);
        hash(row.bytes(), 0, row.length(), hash);
        int entry = hashes.findOrAdd(hash, HASH_BYTES);
        if (entry == counts.length) {
            counts = Arrays.copyOf(counts, 2 * entry);
            places = Arrays.copyOf(places, 2 * entry);
        }
        counts[entry] += difference;
        places[entry] = place;
        if (isBaseVoid && counts[entry] < 0) {
            throw new Contradiction(
                    "a row was deleted that was not there: rows were changed that are not in the log");
        }
    }

    private static void hash(byte[] text, int from, int count, byte[] into) {
        HashValue128 value = XXH3.hashBytesTo128Bits(text, from, count);
        long high = value.getMostSignificantBits();
        long low = value.getLeastSignificantBits();
        for (int i = 0; i < 8; i++) {
            into[i] = (byte) (high >>> (8 * i));
            into[8 + i] = (byte) (low >>> (8 * i));
        }
    }

    @Override
    public BaseLookup lookup() {
        return new Lookup();
    }

    private final class Lookup implements BaseLookup {
        private final int[] left = Arrays.copyOf(counts, hashes.size());
        private final byte[] scratch = new byte[HASH_BYTES];

        @Override
        public boolean isVoid(byte[] line, int from, int to) {
            if (isBaseVoid) {
                return true;
            }
            hash(line, from, to - from, scratch);
            int entry = hashes.find(scratch, HASH_BYTES);
            if (entry < 0 || left[entry] >= 0) {
                return false;
            }
            left[entry]++;
            return true;
        }

        @Override
        public long missing() {
            long missing = 0;
            for (int count : left) {
                missing += count < 0 ? -count : 0;
            }
            return missing;
        }
    }
}
