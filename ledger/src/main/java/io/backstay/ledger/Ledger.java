package io.backstay.ledger;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.ledger.seal.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One writer's chain of signed facts, open for appending: the file `FOLDER/WRITER.jsonl`, whose
/// lines are specified in [EntryLine].
///
/// - An entry is on disk when [#append] returns.
/// - One process at a time: `FOLDER/.WRITER.lock` is locked while the chain is open.
/// - A last line without its line feed was never acknowledged: it is cut when the chain is opened,
///   and the cut is an entry, `ledger.torn`. If a mirrored head lies after the cut, something
///   acknowledged is lost, and opening refuses.
/// - After a failed write nothing more can be appended until the chain is opened again.
///
/// Safe for use by several threads.
public final class Ledger implements AutoCloseable {
    static final String WRITER_PATTERN = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";
    static final String SUFFIX = ".jsonl";
    private static final Pattern WRITER = Pattern.compile(WRITER_PATTERN);
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9.-]{0,63}");

    private final Path file;
    private final String writer;
    private final SigningKey key;
    private final Time time;
    private final FileChannel lock;
    private final FileChannel lines;

    private LedgerHead head;
    private long endBytes;
    private @Nullable Problem broken;

    Ledger(
            Path file,
            String writer,
            SigningKey key,
            Time time,
            FileChannel lock,
            FileChannel lines,
            ChainEnd end) {
        this.file = file;
        this.writer = writer;
        this.key = key;
        this.time = time;
        this.lock = lock;
        this.lines = lines;
        this.endBytes = end.endBytes();
        LedgerEntry last = end.last();
        this.head =
                last == null ? LedgerHead.sign(writer, 0, LedgerHead.NO_HASH, key) : last.head();
    }

    public static Ledger open(Path folder, String writer, SigningKey key, Time time) {
        return open(folder, writer, key, time, List.of());
    }

    /// Opens a chain, or begins it.
    ///
    /// @param mirroredHeads heads kept elsewhere; those of other writers are passed over. The
    ///   caller has verified them
    /// @throws DamagedLedgerException if the chain contradicts itself or one of the heads
    /// @throws Problem if another process has it open
    public static Ledger open(
            Path folder, String writer, SigningKey key, Time time, List<LedgerHead> mirroredHeads) {
        if (!WRITER.matcher(writer).matches()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot name a ledger's writer `%s`: expected letters, digits and ._@-, at most 64"
                            .formatted(writer),
                    "Name the host or the person.");
        }
        Path file = Disk.folder(folder).resolve(writer + SUFFIX);
        FileChannel lock = lock(file, folder.resolve("." + writer + ".lock"));
        try {
            FileChannel lines = Disk.createForAppend(file);
            try {
                ChainEnd end = ChainEnd.of(file, writer);
                requireMirrored(file, end, writer, mirroredHeads);
                long tornBytes = lines.size() - end.endBytes();

                if (tornBytes > 0) {
                    lines.truncate(end.endBytes());
                    lines.force(true);
                }
                var ledger = new Ledger(file, writer, key, time, lock, lines, end);
                if (tornBytes > 0) {
                    ledger.append(
                            "ledger.torn",
                            "",
                            null,
                            Map.of("bytes", tornBytes, "sha256", end.tornSha256()));
                }
                return ledger;
            } catch (IOException e) {
                lines.close();
                throw new UncheckedIOException(e);
            } catch (RuntimeException e) {
                lines.close();
                throw e;
            }
        } catch (IOException e) {
            release(lock);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    /// Writes down a fact by the chain's own writer.
    public LedgerEntry append(
            String type, String host, @Nullable String change, Map<String, ?> body) {
        return appendAs(writer, type, host, change, body);
    }

    /// Writes down a fact; it is durable when this returns.
    ///
    /// @param actor who did it: a person, or the writer itself
    /// @param host empty if it is about none
    /// @param body must not hold a secret; anything Jackson writes as a JSON object
    /// @throws Problem if it could not be written: then it is not in the ledger, and must not be
    ///   acted on
    public synchronized LedgerEntry appendAs(
            String actor, String type, String host, @Nullable String change, Map<String, ?> body) {
        if (broken != null) {
            throw new Problem(
                    broken.code(),
                    "the ledger %s is closed after an error".formatted(file),
                    "Start again after the first error is put right: " + broken.getMessage(),
                    broken);
        }
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("no type of entry: " + type);
        }
        EntryLine.Written line =
                EntryLine.write(
                        writer,
                        key,
                        head.seq() + 1,
                        head.hash(),
                        time.now(),
                        time.sinceBoot().toMillis(),
                        actor,
                        host,
                        type,
                        change,
                        EntryLine.JSON.valueToTree(body));
        if (line.bytes().length > EntryLine.BYTES_MAX) {
            throw new IllegalArgumentException(
                    "an entry of %d bytes; at most %d"
                            .formatted(line.bytes().length, EntryLine.BYTES_MAX));
        }
        writeDurably(line.bytes());
        head = line.entry().head();
        return line.entry();
    }

    public synchronized LedgerHead head() {
        return head;
    }

    /// All entries acknowledged so far, oldest first.
    public List<LedgerEntry> entries() {
        return LedgerReader.read(file, writer, head().seq());
    }

    public String writer() {
        return writer;
    }

    @Override
    public synchronized void close() {
        broken =
                broken != null ? broken : new Problem(ErrorCode.FAILED, "closed", "Open it again.");
        try {
            lines.close();
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeDurably(byte[] line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                lines.write(bytes);
            }
            lines.force(true);
            endBytes += line.length;
        } catch (IOException e) {
            var problem =
                    new Problem(
                            ErrorCode.ENVIRONMENT,
                            "cannot write entry %d of the ledger %s: %s"
                                    .formatted(head.seq() + 1, file, e.getMessage()),
                            "Make room or repair the disk under %s; nothing that was not written down is done."
                                    .formatted(file.getParent()),
                            e);
            broken = problem;
            cutUnacknowledged(problem);
            throw problem;
        }
    }

    /// A half-written entry must not be found later as if it had been acknowledged.
    private void cutUnacknowledged(Problem problem) {
        try {
            lines.truncate(endBytes);
            lines.force(true);
        } catch (IOException e) {
            problem.addSuppressed(e);
        }
    }

    private static void requireMirrored(
            Path file, ChainEnd end, String writer, List<LedgerHead> mirroredHeads) {
        for (LedgerHead mirrored : mirroredHeads) {
            if (!mirrored.writer().equals(writer) || mirrored.seq() == 0) {
                continue;
            }
            if (mirrored.seq() > end.seq()) {
                throw new DamagedLedgerException(
                        file,
                        end.seq() + 1,
                        "expected entry %d, which a mirrored head names, found the end after entry %d"
                                .formatted(mirrored.seq(), end.seq()));
            }
            String found = end.hashes().get((int) (mirrored.seq() - 1));
            if (!found.equals(mirrored.hash())) {
                throw new DamagedLedgerException(
                        file,
                        mirrored.seq(),
                        "expected hash %s… of a mirrored head, found %s…"
                                .formatted(
                                        mirrored.hash().substring(0, 12), found.substring(0, 12)));
            }
        }
    }

    /// A file of its own: closing any other descriptor of a locked file would drop the lock.
    private static FileChannel lock(Path file, Path lockFile) {
        try {
            FileChannel channel = Disk.createForAppend(lockFile);
            @Nullable FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new Problem(
                        ErrorCode.ENVIRONMENT,
                        "cannot open the ledger %s: another process is writing it".formatted(file),
                        "`fuser %s` names the process; one chain has one writer."
                                .formatted(lockFile));
            }
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process has it open already
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
