package io.backstay.recovery.fold;

/// One entry of net changes after the other. One thread.
interface NetCursor {
    NetCursor NONE =
            new NetCursor() {
                @Override
                public boolean next() {
                    return false;
                }

                @Override
                public int countBefore() {
                    return 0;
                }

                @Override
                public int countAfter() {
                    return 0;
                }

                @Override
                public long placeBefore() {
                    return NetRows.ABSENT;
                }

                @Override
                public long placeAfter() {
                    return NetRows.ABSENT;
                }
            };

    /// Goes to the next entry; false behind the last.
    boolean next();

    /// How many rows like this one were there before the first change and are gone or changed.
    int countBefore();

    /// How many rows like this one are there at the end; 0 for those that are gone or unchanged.
    int countAfter();

    /// Where the image of the row before the first change lies; [NetRows#ABSENT] if there was none.
    long placeBefore();

    /// Where an image of the row at the end lies.
    long placeAfter();
}
