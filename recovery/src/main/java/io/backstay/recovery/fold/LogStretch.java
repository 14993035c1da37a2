package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// One closed stretch of binary log as the server wrote it: a format description event (behind the
/// four bytes of a file's head or without them), then whole events.
///
/// @param file the source's name of the file it is from; positions and errors use it
/// @param bytes must stay valid as long as the [Fold] is used: row images are read in place
/// @param mayBeTorn the bytes may end inside an event, as a crash leaves them; only the last
///   stretch of a log may
/// @param stored what a stretch of log amounted to, in place of that stretch: [StoredFold]
public record LogStretch(
        String file, MemorySegment bytes, boolean mayBeTorn, Optional<StoredFold> stored) {

    public LogStretch(String file, MemorySegment bytes, boolean mayBeTorn) {
        this(file, bytes, mayBeTorn, Optional.empty());
    }

    public LogStretch(String file, MemorySegment bytes) {
        this(file, bytes, false);
    }

    public static LogStretch of(String file, MemorySegment bytes, StoredFold stored) {
        return new LogStretch(file, bytes, false, Optional.of(stored));
    }
}
