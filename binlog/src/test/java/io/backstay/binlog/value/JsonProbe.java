package io.backstay.binlog.value;

import java.lang.foreign.MemorySegment;

/// Lets a test of another package read binary JSON.
public final class JsonProbe {
    private JsonProbe() {}

    public static boolean isRefused(MemorySegment bytes) {
        try {
            JsonBinary.text(bytes, 0, bytes.byteSize());
            return false;
        } catch (BadValue _) {
            return true;
        }
    }
}
