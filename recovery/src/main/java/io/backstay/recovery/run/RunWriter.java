package io.backstay.recovery.run;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes one [Run].
public final class RunWriter {
    private static final int BLOCK_BYTES = 1 << 15;
    private static final int NUMBERS_BYTES = Integer.BYTES + 2 * Long.BYTES;

    private final FileChannel file;
    private final List<byte[]> firstKeys = new ArrayList<>();
    private ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private long[] starts = new long[64];
    private long entries;

    public RunWriter(ScratchFiles scratch) {
        this.file = scratch.create();
    }

    /// @param key its first `length` bytes; behind the one before, in unsigned order
    public void add(byte[] key, int length, long first, long second) {
        if (block.remaining() < length + NUMBERS_BYTES) {
            flush();
            if (block.capacity() < length + NUMBERS_BYTES) {
                block = ByteBuffer.allocate(length + NUMBERS_BYTES);
            }
        }
        if (block.position() == 0) {
            firstKeys.add(Arrays.copyOf(key, length));
        }
        block.putInt(length).put(key, 0, length).putLong(first).putLong(second);
        entries++;
    }

    public Run end() {
        flush();
        return new Run(
                file,
                entries,
                Arrays.copyOf(starts, firstKeys.size() + 1),
                firstKeys.toArray(byte[][]::new));
    }

    private void flush() {
        if (block.position() == 0) {
            return;
        }
        int number = firstKeys.size();
        if (number == starts.length) {
            starts = Arrays.copyOf(starts, 2 * number);
        }
        block.flip();
        long at = starts[number - 1];
        starts[number] = at + block.limit();
        try {
            while (block.hasRemaining()) {
                file.write(block, at + block.position());
            }
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "keys could not be put aside: " + e,
                    "name a folder with room: `--scratch DIR`; or give more memory: `--memory`.",
                    e);
        }
        block.clear();
    }
}
