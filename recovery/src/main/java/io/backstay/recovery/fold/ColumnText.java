package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;

/// Writes one column's logged value as the text that the server itself would print for it, in the
/// column's own character set, unescaped.
interface ColumnText {

    /// @param at of the value's first byte, behind its length
    /// @param lengthBytes of the value
    void write(MemorySegment s, long at, int lengthBytes, RowBuffer out);
}
