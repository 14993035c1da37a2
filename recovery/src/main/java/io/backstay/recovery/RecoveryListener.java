package io.backstay.recovery;

/// Hears how a backup or a restore goes on, for people who wait; called by many threads.
public interface RecoveryListener {

    /// A phase begins: `snapshot`, `load`, `verify`.
    void phase(String name);

    /// How much there is to load, as LOAD DATA text of the base; told once, where it is known.
    default void expected(long bytes) {}

    /// How far one table is.
    ///
    /// @param bytes LOAD DATA text so far
    void table(String qualifiedName, long rows, long bytes, boolean isDone);

    /// Something a person should know; no error.
    void note(String text);

    /// Hears and says nothing.
    static RecoveryListener silent() {
        return new RecoveryListener() {
            @Override
            public void phase(String name) {}

            @Override
            public void table(String qualifiedName, long rows, long bytes, boolean isDone) {}

            @Override
            public void note(String text) {}
        };
    }
}
