package io.backstay.recovery;

/// The most bytes a second that are read from a server.
///
/// @param bytesPerSecond at least 1; [Long#MAX_VALUE] is no limit
public record Rate(long bytesPerSecond) {
    public Rate {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("not a rate: " + bytesPerSecond);
        }
    }

    public static Rate unlimited() {
        return new Rate(Long.MAX_VALUE);
    }

    boolean isUnlimited() {
        return bytesPerSecond == Long.MAX_VALUE;
    }
}
