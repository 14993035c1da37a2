package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.TableName;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.ChunkWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Rows of a dump on their way into chunks: INSERT statements are gathered to batches, which
/// threads of its own turn into chunk parts, in the order of the dump.
///
/// A fixed number of batches is in memory. One thread hands in.
final class BaseWriter implements AutoCloseable {
    private static final int BATCH_BYTES = 8 << 20;

    private final Archive archive;
    private final String id;
    private final RecoveryListener listener;
    private final ExecutorService workers;
    private final Semaphore room;
    private final Map<TableName, Copy> copies = new LinkedHashMap<>();
    private @Nullable Batch open;

    BaseWriter(Archive archive, String id, int threads, RecoveryListener listener) {
        this.archive = archive;
        this.id = id;
        this.listener = listener;
        workers =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("import-", 0).factory());
        room = new Semaphore(threads + 1);
    }

    /// One table and its batches so far.
    private static final class Copy {
        private final int number;
        private final Table empty;
        private final List<Future<List<Chunk>>> batches = new ArrayList<>();
        private final AtomicLong rows = new AtomicLong();
        private final AtomicLong textBytes = new AtomicLong();

        private Copy(int number, Table empty) {
            this.number = number;
            this.empty = empty;
        }
    }

    /// INSERT statements of one table, one behind the other.
    private static final class Batch {
        private final Copy copy;
        private final String names;
        private final List<Integer> ends = new ArrayList<>();
        private byte[] bytes = new byte[1 << 16];
        private int length;

        private Batch(Copy copy, String names) {
            this.copy = copy;
            this.names = names;
        }

        private void add(byte[] insert, int from, int count) {
            if (bytes.length - length < count) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
            }
            System.arraycopy(insert, from, bytes, length, count);
            length += count;
            ends.add(length);
        }
    }

    void table(Table empty) {
        if (copies.putIfAbsent(empty.definition().name(), new Copy(copies.size(), empty)) != null) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "the dump makes the table " + empty.qualifiedName() + " twice",
                    "give one dump, as it was written.");
        }
    }

    /// @param names character set of the dump
    void insert(
            TableName table, String names, DumpContext context, byte[] bytes, int from, int to) {
        Copy copy = copies.get(table);
        if (copy == null) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "the dump has rows of " + table + ", but not its definition",
                    "make the dump without --no-create-info.");
        }
        boolean hasTimestamp =
                copy.empty.columns().stream().anyMatch(c -> c.dataType().equals("timestamp"));
        if (hasTimestamp && !context.isInUtc()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "the dump has the TIMESTAMP columns of "
                            + table
                            + " in a time zone that it does not name",
                    "make the dump without --skip-tz-utc.");
        }
        if (open != null && (open.copy != copy || !open.names.equals(names))) {
            submit();
        }
        if (open == null) {
            open = new Batch(copy, names);
        }
        open.add(bytes, from, to - from);
        if (open.length >= BATCH_BYTES) {
            submit();
        }
    }

    private void submit() {
        Batch batch = open;
        open = null;
        if (batch == null) {
            return;
        }
        try {
            room.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
        int number = batch.copy.batches.size();
        batch.copy.batches.add(
                workers.submit(
                        () -> {
                            try {
                                return write(batch, number);
                            } finally {
                                room.release();
                            }
                        }));
    }

    private List<Chunk> write(Batch batch, int number) {
        var reader = new InsertReader(batch.copy.empty, batch.names);
        var writer =
                new ChunkWriter(
                        archive,
                        "bases/%s/%04d-%03d".formatted(id, batch.copy.number, number),
                        () -> {});
        try {
            int from = 0;
            for (int end : batch.ends) {
                reader.read(batch.bytes, from, end, writer::row);
                from = end;
            }
            List<Chunk> chunks = writer.end();
            listener.table(
                    batch.copy.empty.qualifiedName(),
                    batch.copy.rows.addAndGet(writer.rows()),
                    batch.copy.textBytes.addAndGet(writer.textBytes()),
                    false);
            return chunks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All tables with their chunks, in alphabetical order, once everything is durable.
    List<Table> finish() {
        submit();
        return copies.values().stream()
                .map(BaseWriter::finished)
                .sorted((a, b) -> a.definition().name().compareTo(b.definition().name()))
                .toList();
    }

    private static Table finished(Copy copy) {
        var chunks = new ArrayList<Chunk>();
        try {
            for (Future<List<Chunk>> batch : copy.batches) {
                chunks.addAll(batch.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException ours
                    ? ours
                    : new IllegalStateException(e.getCause());
        }
        return copy.empty.with(chunks);
    }

    private static Problem interrupted(InterruptedException e) {
        return new Problem(
                ErrorCode.FAILED, "the import was interrupted", "run the same command again.", e);
    }

    /// Ends the threads; what they had begun and nobody waited for is given up.
    @Override
    public void close() {
        workers.shutdownNow();
        workers.close();
    }
}
