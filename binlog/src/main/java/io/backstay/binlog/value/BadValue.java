package io.backstay.binlog.value;

/// A value whose bytes are not what its column type says. [RowImages] makes damage of it, with the
/// event's place.
final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String found;

    BadValue(String expected, String found) {
        super("expected " + expected + ", found " + found);
        this.expected = expected;
        this.found = found;
    }

    String expected() {
        return expected;
    }

    String found() {
        return found;
    }
}
