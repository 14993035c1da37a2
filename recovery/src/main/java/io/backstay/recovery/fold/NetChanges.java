package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;

/// What the changes of one table's rows amount to.
sealed interface NetChanges permits KeyedChanges, CountedChanges, SpilledChanges {

    void insert(MemorySegment s, long row, long place);

    void delete(MemorySegment s, long row, long place);

    void update(MemorySegment s, long before, long beforePlace, long after, long afterPlace);

    /// Bytes of memory that its keys take, about.
    long memoryBytes();

    /// When all changes are in; from then on it may be read by many threads, and only then.
    ///
    /// @throws Contradiction if the log contradicts itself
    void finish();

    /// Rows told apart.
    long size();

    /// All entries; in the order of the primary key's first column if that is an integer.
    NetCursor cursor();

    /// A lookup of base rows for one thread, each of which is asked for once.
    BaseLookup lookup();

    /// Which rows of the base are void.
    interface BaseLookup {
        /// @throws Contradiction if the base has a row that the log inserts later
        boolean isVoid(byte[] line, int from, int to);

        /// When all rows were asked for: how many the log changed that the base does not have.
        long missing();
    }

    /// The log contradicts itself, or the base, about a row.
    final class Contradiction extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final long place;

        Contradiction(String reason) {
            this(reason, NetRows.ABSENT);
        }

        /// @param place of the image that cannot be; [NetRows#ABSENT] if the caller knows it
        Contradiction(String reason, long place) {
            super(reason);
            this.place = place;
        }

        long place() {
            return place;
        }
    }
}
