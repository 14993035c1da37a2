package io.backstay.recovery.restore;

import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import io.backstay.recovery.archive.ChunkReader;
import io.backstay.recovery.archive.LineReader;
import io.backstay.recovery.archive.RowDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The final rows of one table as one stream of LOAD DATA text: the base's chunks without the rows
/// the log touched, then those rows as the log left them.
///
/// Counts and digests what it hands out. One thread.
final class LoadStream extends InputStream {
    private static final int BATCH_BYTES = 1 << 17;

    private final Archive archive;
    private final Iterator<Chunk> chunks;
    private final Merge merge;
    private final Progress progress;
    private final RowDigest digest = new RowDigest();
    private byte[] batch = new byte[BATCH_BYTES + (1 << 16)];
    private int at;
    private int filled;
    private @Nullable InputStream text;
    private @Nullable LineReader lines;
    private boolean isAppending;
    private boolean isAtEnd;
    private long bytes;
    private long dropped;
    private long appended;

    /// Hears how far it is, some times a second at most speed.
    @FunctionalInterface
    interface Progress {
        void at(long rows, long bytes);
    }

    /// What the log did to one table. One thread.
    interface Merge {
        /// Whether the log touched the base row with this text.
        boolean isTouched(byte[] row, int from, int count);

        /// Hands out some rows as the log left them, each with its line feed, by
        /// [LoadStream#append].
        ///
        /// @return false if there are no more
        boolean appendSome(LoadStream stream) throws IOException;

        /// The base's rows as they are.
        Merge NONE =
                new Merge() {
                    @Override
                    public boolean isTouched(byte[] row, int from, int count) {
                        return false;
                    }

                    @Override
                    public boolean appendSome(LoadStream stream) {
                        return false;
                    }
                };
    }

    LoadStream(Archive archive, List<Chunk> chunks, Merge merge, Progress progress) {
        this.archive = archive;
        this.chunks = chunks.iterator();
        this.merge = merge;
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        return at < filled || fill() ? batch[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (at == filled && !fill()) {
            return -1;
        }
        int step = Math.min(count, filled - at);
        System.arraycopy(batch, at, into, from, step);
        at += step;
        return step;
    }

    /// @param count bytes of the row without its line feed, which follows it in `row`
    void append(byte[] row, int from, int count) {
        appended++;
        add(row, from, count);
    }

    RowDigest digest() {
        return digest;
    }

    long bytes() {
        return bytes;
    }

    long dropped() {
        return dropped;
    }

    long appended() {
        return appended;
    }

    @Override
    public void close() throws IOException {
        if (text != null) {
            text.close();
            text = null;
        }
    }

    private boolean fill() throws IOException {
        at = 0;
        filled = 0;
        while (filled < BATCH_BYTES && !isAtEnd) {
            if (isAppending) {
                isAtEnd = !merge.appendSome(this);
            } else if (lines != null && lines.next()) {
                if (merge.isTouched(lines.buffer(), lines.from(), lines.count())) {
                    dropped++;
                } else {
                    add(lines.buffer(), lines.from(), lines.count());
                }
            } else {
                nextChunk();
            }
        }
        progress.at(digest.rows(), bytes);
        return filled > 0;
    }

    private void nextChunk() throws IOException {
        close();
        lines = null;
        if (chunks.hasNext()) {
            InputStream opened = ChunkReader.open(archive, chunks.next().part());
            text = opened;
            lines = new LineReader(opened);
        } else {
            isAppending = true;
        }
    }

    private void add(byte[] row, int from, int count) {
        if (batch.length - filled < count + 1) {
            batch = Arrays.copyOf(batch, Math.max(2 * batch.length, filled + count + 1));
        }
        System.arraycopy(row, from, batch, filled, count + 1);
        filled += count + 1;
        bytes += count + 1;
        digest.add(row, from, count);
    }
}
