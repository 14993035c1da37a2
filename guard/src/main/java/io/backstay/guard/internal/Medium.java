package io.backstay.guard.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Bytes that can be read at any place: a block device, or a file.
///
/// @param sizeBytes of the device; a block device does not tell its channel
record Medium(Path path, FileChannel channel, long sizeBytes) implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    static Medium open(Path path, long sizeBytes) throws IOException {
        return new Medium(path, FileChannel.open(path, StandardOpenOption.READ), sizeBytes);
    }

    static Medium open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new Medium(file, channel, channel.size());
    }

    /// Little-endian; shorter than asked for at the end, empty outside.
    ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (at >= 0 && bytes.hasRemaining() && at + bytes.position() < sizeBytes) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                break;
            }
        }
        return bytes.flip();
    }

    /// The first place from here that holds something other than zero.
    ///
    /// @return -1 if there is none before the end
    long firstNonZero(long from, long until, long deadlineNanos) throws CannotLookException {
        try {
            for (long at = from; at < until; at += CHUNK) {
                if (deadlineNanos != Long.MAX_VALUE && System.nanoTime() > deadlineNanos) {
                    throw new CannotLookException(
                            "%,d of %,d MiB of %s were read in the time given"
                                    .formatted((at - from) >> 20, (until - from) >> 20, path),
                            "give it more time: --budget, in the form PT10M");
                }
                int length = (int) Math.min(CHUNK, until - at);
                ByteBuffer bytes = read(at, length);
                int position = bytes.mismatch(ByteBuffer.allocate(bytes.remaining()));
                if (position >= 0) {
                    return at + position;
                }
                if (bytes.remaining() < length) {
                    throw new IOException("it ends at byte " + (at + bytes.remaining()));
                }
            }
            return -1;
        } catch (IOException e) {
            throw new CannotLookException(
                    path + " cannot be read: " + e.getMessage(), "repair or replace the disk");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
