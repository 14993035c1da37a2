package io.backstay.recovery.run;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/// Keys in the unsigned order of their bytes, each once, with two numbers. Immutable; may be read
/// by several threads.
///
/// Its file, which lives no longer than the process, is blocks of entries: the key's length in four
/// bytes, the key, both numbers in eight bytes each, all big-endian. An entry lies in one block.
public final class Run implements AutoCloseable {
    private final FileChannel file;
    private final long entries;

    /// Where each block begins, and where the last one ends.
    private final long[] starts;

    private final byte[][] firstKeys;

    Run(FileChannel file, long entries, long[] starts, byte[][] firstKeys) {
        this.file = file;
        this.entries = entries;
        this.starts = starts;
        this.firstKeys = firstKeys;
    }

    public long entries() {
        return entries;
    }

    /// All entries in order.
    public RunCursor cursor() {
        return new RunCursor(this);
    }

    /// For one thread; fastest if keys are asked for in about their order.
    public RunFinder finder() {
        return new RunFinder(this);
    }

    int blocks() {
        return firstKeys.length;
    }

    /// The last block that may hold a key; -1 if the first one begins behind it.
    int blockOf(byte[] key, int length) {
        int low = 0;
        int high = firstKeys.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            byte[] first = firstKeys[middle];
            if (Arrays.compareUnsigned(first, 0, first.length, key, 0, length) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /// @return the block's bytes, in `into` if they fit
    ByteBuffer read(int block, ByteBuffer into) {
        int length = Math.toIntExact(starts[block + 1] - starts[block]);
        ByteBuffer bytes = into.capacity() >= length ? into : ByteBuffer.allocate(length);
        bytes.clear().limit(length);
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, starts[block] + bytes.position()) < 0) {
                    throw new IOException("it ends in the middle of a block");
                }
            }
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "keys that were put aside cannot be read again: " + e,
                    "name another folder: `--scratch DIR`; or give more memory: `--memory`.",
                    e);
        }
        return bytes.flip();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
