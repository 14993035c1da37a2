package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;

/// Gives pages of a mapped log back to the system as they have been read, where the whole log would
/// not fit in memory. They can be read again at any time. One thread.
public final class ReadPages {
    private static final long STEP_BYTES = 32L << 20;

    private final boolean isNeeded;
    private long given;

    /// @param isNeeded the log is bigger than the memory for it
    public ReadPages(boolean isNeeded) {
        this.isNeeded = isNeeded;
    }

    /// All before that place of this segment has been read.
    public void readTo(MemorySegment segment, long place) {
        if (isNeeded && segment.isMapped() && place - given >= STEP_BYTES) {
            segment.asSlice(given, place - given).unload();
            given = place;
        }
    }

    /// All of it has been read; the next segment is another one.
    public void readAll(MemorySegment segment) {
        if (isNeeded && segment.isMapped()) {
            segment.unload();
        }
        given = 0;
    }
}
