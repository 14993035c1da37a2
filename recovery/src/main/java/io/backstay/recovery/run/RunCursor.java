package io.backstay.recovery.run;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A place in a [Run]. One thread.
public final class RunCursor {
    private final Run run;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private int nextBlock;
    private int keyFrom;
    private int keyLength;
    private long first;
    private long second;

    RunCursor(Run run) {
        this.run = run;
    }

    /// Goes to the next entry; false behind the last.
    public boolean next() {
        if (!block.hasRemaining()) {
            if (nextBlock == run.blocks()) {
                return false;
            }
            load(nextBlock);
        }
        keyLength = block.getInt();
        keyFrom = block.position();
        block.position(keyFrom + keyLength);
        first = block.getLong();
        second = block.getLong();
        return true;
    }

    /// In front of the first entry of a block.
    void load(int number) {
        block = run.read(number, block);
        nextBlock = number + 1;
    }

    /// Whether the next entry is of the same block.
    boolean hasMoreInBlock() {
        return block.hasRemaining();
    }

    /// Holds the key from [#keyFrom] on, until [#next].
    public byte[] bytes() {
        return block.array();
    }

    public int keyFrom() {
        return keyFrom;
    }

    public int keyLength() {
        return keyLength;
    }

    public long first() {
        return first;
    }

    public long second() {
        return second;
    }

    int compareKey(byte[] key, int from, int length) {
        return Arrays.compareUnsigned(
                block.array(), keyFrom, keyFrom + keyLength, key, from, from + length);
    }
}
