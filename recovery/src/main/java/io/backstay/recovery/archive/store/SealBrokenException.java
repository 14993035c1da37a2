package io.backstay.recovery.archive.store;

import java.io.IOException;

/// An encrypted file is not as it was written, or is another one. None of its bytes were handed out
/// from there on.
public final class SealBrokenException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long byteOffset;
    private final String expected;
    private final String found;

    SealBrokenException(long byteOffset, String expected, String found) {
        super("expected " + expected + ", found " + found);
        this.byteOffset = byteOffset;
        this.expected = expected;
        this.found = found;
    }

    /// In the encrypted file, of the block that does not hold.
    public long byteOffset() {
        return byteOffset;
    }

    public String expected() {
        return expected;
    }

    public String found() {
        return found;
    }
}
