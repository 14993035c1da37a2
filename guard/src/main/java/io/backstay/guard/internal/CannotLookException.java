package io.backstay.guard.internal;

/// A probe could not look. Becomes a blind finding, never anything else.
final class CannotLookException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    CannotLookException(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
