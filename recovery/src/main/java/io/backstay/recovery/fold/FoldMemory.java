package io.backstay.recovery.fold;

import io.backstay.recovery.run.ScratchFiles;

/// How much memory the keys of a fold may take, and where those beyond that go.
///
/// @param limitBytes of all tables' keys together, at least 1; a log with more bytes than that is
///   not kept in memory either, page by page
public record FoldMemory(long limitBytes, ScratchFiles scratch) {

    /// All keys in memory.
    public static FoldMemory unlimited() {
        return new FoldMemory(
                Long.MAX_VALUE,
                () -> {
                    throw new IllegalStateException("there is no limit to keep");
                });
    }
}
