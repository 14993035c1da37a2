package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;

/// What the changes of one table's rows amount to.
sealed interface NetChanges permits KeyedChanges, CountedChanges {

    void insert(MemorySegment s, long row, long place);

    void delete(MemorySegment s, long row, long place);

    void update(MemorySegment s, long before, long beforePlace, long after, long afterPlace);

    /// Rows told apart so far.
    int size();

    /// How many rows like this one are there at the end; 0 for those that are gone or unchanged.
    int countAfter(int entry);

    /// How many rows like this one were there before the first change and are gone or changed.
    int countBefore(int entry);

    /// Where an image of the entry's row at the end lies.
    long placeAfter(int entry);

    /// Where the image of the entry's row before the first change lies; [NetRows#ABSENT] if there
    /// was none.
    long placeBefore(int entry);

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

        Contradiction(String reason) {
            super(reason);
        }
    }
}
