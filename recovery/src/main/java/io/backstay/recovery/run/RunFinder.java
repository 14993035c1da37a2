package io.backstay.recovery.run;

/// Finds keys in a [Run]. One thread.
public final class RunFinder {
    private final Run run;
    private final RunCursor at;
    private int block = -1;
    private boolean isAtEntry;

    RunFinder(Run run) {
        this.run = run;
        this.at = run.cursor();
    }

    /// @param key its first `length` bytes
    /// @return whether it is there; then [#first] and [#second] are its numbers
    public boolean find(byte[] key, int length) {
        int wanted = run.blockOf(key, length);
        if (wanted < 0) {
            return false;
        }
        if (wanted != block || !isAtEntry || at.compareKey(key, 0, length) > 0) {
            at.load(wanted);
            block = wanted;
            isAtEntry = at.next();
        }
        int difference = at.compareKey(key, 0, length);
        while (difference < 0 && at.hasMoreInBlock()) {
            isAtEntry = at.next();
            difference = at.compareKey(key, 0, length);
        }
        return difference == 0;
    }

    public long first() {
        return at.first();
    }

    public long second() {
        return at.second();
    }
}
