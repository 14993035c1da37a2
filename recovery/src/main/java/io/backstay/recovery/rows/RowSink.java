package io.backstay.recovery.rows;

import java.io.IOException;

/// Takes rows as LOAD DATA text, one at a time.
@FunctionalInterface
public interface RowSink {

    /// @param text holds the row from `from` on; valid during the call only
    /// @param count bytes of the row without its line feed, which follows it in `text`
    void row(byte[] text, int from, int count) throws IOException;
}
