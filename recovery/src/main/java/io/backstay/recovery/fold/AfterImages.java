package io.backstay.recovery.fold;

/// Rows as a log left them, as LOAD DATA text, one after the other. One thread.
public interface AfterImages {
    /// Goes to the next row; false behind the last.
    boolean next();

    /// Begins with the row and its line feed; valid until [#next].
    byte[] text();

    /// Bytes of the row without its line feed.
    int count();
}
