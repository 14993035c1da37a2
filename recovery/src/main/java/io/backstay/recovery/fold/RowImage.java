package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;

/// One image of a row as the log has it, in place, and how to print it.
public final class RowImage {
    private final MemorySegment logged;
    private final RowRenderer renderer;

    RowImage(MemorySegment logged, RowRenderer renderer) {
        this.logged = logged;
        this.renderer = renderer;
    }

    /// NULL bits and values of all columns; valid as long as the log is.
    public MemorySegment logged() {
        return logged;
    }

    /// LOAD DATA text without its line feed, in the columns of [FoldedTable#loadColumns].
    public byte[] text() {
        var out = new RowBuffer();
        renderer.render(logged, 0, out);
        return java.util.Arrays.copyOf(out.bytes(), out.length());
    }
}
