package io.backstay.recovery.restore;

import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.ChunkReader;
import io.backstay.recovery.archive.LineReader;
import io.backstay.recovery.fold.AfterImages;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.proof.KeyRanges;
import io.backstay.recovery.proof.RangeDigests;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// The final rows of one table as one stream of LOAD DATA text: the base's chunks without the rows
/// the log touched, and those rows as the log left them ([RowsInOrder] where it can, else at the
/// end).
///
/// A thread of its own reads, merges and digests, some blocks ahead of the reader; [#close] ends
/// it. Digest and counts are right once the stream has been read to its end. One reading thread.
final class LoadStream extends InputStream {
    private static final int BLOCK_BYTES = 1 << 17;

    private final Archive archive;
    private final Table table;
    private final TypedJson json;
    private final Optional<FoldedTable> changes;
    private final Progress progress;
    private final BlockingQueue<Block> queue = new ArrayBlockingQueue<>(8);
    private final Thread producer;
    private final RangeDigests digest;
    private final @Nullable BitSet wanted;
    private long bytes;
    private long dropped;
    private long appended;
    private byte[] filling = new byte[BLOCK_BYTES];
    private int filled;
    private volatile @Nullable Throwable failure;
    private Block block = new Block(new byte[0], 0);
    private int at;
    private boolean isAtEnd;

    /// Hears how far it is, often.
    @FunctionalInterface
    interface Progress {
        void at(long rows, long bytes);
    }

    /// One without bytes is the end.
    private static final class Block {
        private final byte[] bytes;
        private final int length;

        private Block(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }
    }

    private LoadStream(
            Archive archive,
            Table table,
            Optional<FoldedTable> changes,
            KeyRanges ranges,
            @Nullable BitSet wanted,
            Progress progress) {
        this.wanted = wanted;
        this.archive = archive;
        this.digest = new RangeDigests(ranges);
        this.table = table;
        this.json = new TypedJson(table);
        this.changes = changes;
        this.progress = progress;
        producer = Thread.ofPlatform().name("merge").daemon().unstarted(this::produce);
    }

    /// @param changes what the log did to the table; empty if nothing
    static LoadStream start(
            Archive archive,
            Table table,
            Optional<FoldedTable> changes,
            KeyRanges ranges,
            Progress progress) {
        return start(archive, table, changes, ranges, null, progress);
    }

    /// @param wanted the ranges whose rows are handed out, the others are digested only; null for
    ///   all
    static LoadStream start(
            Archive archive,
            Table table,
            Optional<FoldedTable> changes,
            KeyRanges ranges,
            @Nullable BitSet wanted,
            Progress progress) {
        var stream = new LoadStream(archive, table, changes, ranges, wanted, progress);
        stream.producer.start();
        return stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (at == block.length && !isNextBlockThere()) {
            return -1;
        }
        int step = Math.min(count, block.length - at);
        System.arraycopy(block.bytes, at, into, from, step);
        at += step;
        return step;
    }

    RangeDigests digest() {
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
        producer.interrupt();
        try {
            producer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private boolean isNextBlockThere() throws IOException {
        if (isAtEnd) {
            return false;
        }
        try {
            block = queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        at = 0;
        Throwable failed = failure;
        if (failed != null) {
            throw new IOException(
                    "the rows to load cannot be made: " + failed.getMessage(), failed);
        }
        isAtEnd = block.length == 0;
        return !isAtEnd;
    }

    /// Why the rows could not be made; null if they could.
    @Nullable Throwable failure() {
        return failure;
    }

    private void produce() {
        try {
            try {
                if (changes.isPresent()) {
                    produceMerged(changes.get());
                } else {
                    produceBase(null);
                }
                hand();
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
            }
            queue.put(new Block(new byte[0], 0));
        } catch (InterruptedException e) {
            // the reader is gone: nobody waits for the end
            return;
        }
    }

    private void produceMerged(FoldedTable changed) throws IOException, InterruptedException {
        Optional<RowsInOrder> ordered = RowsInOrder.of(table, changed);
        if (ordered.isPresent()) {
            produceBase(ordered.get());
            ordered.get().rest(this::append);
        } else {
            produceBase(null);
            for (AfterImages rows = changed.afterImages(); rows.next(); ) {
                append(rows.text(), 0, rows.count());
            }
        }
    }

    private void produceBase(@Nullable RowsInOrder ordered)
            throws IOException, InterruptedException {
        FoldedTable.Reader lookup = changes.map(FoldedTable::reader).orElse(null);
        for (Chunk chunk : table.chunks()) {
            try (InputStream text = ChunkReader.open(archive, chunk.part())) {
                var lines = new LineReader(text);
                while (lines.next()) {
                    int from = lines.from();
                    if (ordered != null) {
                        ordered.before(lines.buffer(), from, this::append);
                    }
                    if (lookup != null
                            && lookup.replacesBaseRow(lines.buffer(), from, from + lines.count())) {
                        dropped++;
                    } else {
                        add(lines.buffer(), from, lines.count());
                    }
                }
            }
        }
        if (lookup != null) {
            lookup.requireAllFound();
        }
    }

    private void append(byte[] row, int from, int count) throws InterruptedException {
        appended++;
        add(row, from, count);
    }

    private void add(byte[] row, int from, int count) throws InterruptedException {
        int range = digest.put(row, from, count);
        if (wanted != null && !wanted.get(range)) {
            return;
        }
        var typed = json.isNeeded() ? json.row(row, from, count) : Optional.<byte[]>empty();
        if (typed.isPresent()) {
            put(typed.get(), 0, typed.get().length);
        } else {
            put(row, from, count + 1);
        }
    }

    private void put(byte[] line, int from, int length) throws InterruptedException {
        if (filling.length - filled < length) {
            hand();
            if (filling.length < length) {
                filling = new byte[length];
            }
        }
        System.arraycopy(line, from, filling, filled, length);
        filled += length;
        bytes += length;
    }

    private void hand() throws InterruptedException {
        if (filled > 0) {
            queue.put(new Block(filling, filled));
            progress.at(digest.rows(), bytes);
            filling = new byte[BLOCK_BYTES];
            filled = 0;
        }
    }
}
