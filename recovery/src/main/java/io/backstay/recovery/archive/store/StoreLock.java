package io.backstay.recovery.archive.store;

/// One writer's hold on an archive, given up with the process: at once in a folder, after
/// [Lease#LONGEST_SILENCE] at the latest in a bucket.
public interface StoreLock extends AutoCloseable {
    @Override
    void close();

    /// How an attempt ended.
    sealed interface Attempt {
        record Taken(StoreLock lock) implements Attempt {}

        /// @param holder as far as it is known, for people
        /// @param hint how to find it
        record Held(String holder, String hint) implements Attempt {}
    }
}
