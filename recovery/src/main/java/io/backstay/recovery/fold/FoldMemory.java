package io.backstay.recovery.fold;

import io.backstay.recovery.run.ScratchFiles;

/// How much memory the keys of a fold may take, and where those beyond that go.
///
/// @param limitBytes of all tables' keys together, at least 1
/// @param logBytes a log with more than that is given back to the system, page by page, as it is
///   read
public record FoldMemory(long limitBytes, long logBytes, ScratchFiles scratch) {

    /// All keys in memory.
    public static FoldMemory unlimited() {
        return new FoldMemory(
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                () -> {
                    throw new IllegalStateException("there is no limit to keep");
                });
    }
}
