package io.backstay.recovery.backup;

import io.backstay.doors.Time;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.Throttle;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveLock;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.ChunkWriter;
import io.backstay.recovery.archive.PartEntry;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowTextQuery;
import io.backstay.recovery.rows.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/// Takes a logical base of a running server into an archive.
///
/// The base counts only once it is entered in the manifest, as the last step; chunks of a backup
/// that was killed are files no manifest names.
public final class Backup {
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'.'SSS'Z'").withZone(ZoneOffset.UTC);

    private final BackupRequest request;
    private final RecoveryListener listener;
    private final Optional<String> id;
    private final UnaryOperator<BaseDocument> retitle;

    private Backup(
            BackupRequest request,
            RecoveryListener listener,
            Optional<String> id,
            UnaryOperator<BaseDocument> retitle) {
        this.request = request;
        this.listener = listener;
        this.id = id;
        this.retitle = retitle;
    }

    public static BackupResult run(BackupRequest request, RecoveryListener listener) {
        return run(request, listener, UnaryOperator.identity());
    }

    /// As the next, and the base has this name.
    public static BackupResult run(
            BackupRequest request,
            RecoveryListener listener,
            String id,
            UnaryOperator<BaseDocument> retitle) {
        return new Backup(request, listener, Optional.of(id), retitle).run();
    }

    /// @param retitle what is written down of the base in place of what the server says; it may
    ///   also refuse the base, which then does not count
    public static BackupResult run(
            BackupRequest request, RecoveryListener listener, UnaryOperator<BaseDocument> retitle) {
        return new Backup(request, listener, Optional.empty(), retitle).run();
    }

    private BackupResult run() {
        long started = System.nanoTime();
        Archive archive = Archive.openOrCreate(request.archive());
        listener.phase("snapshot");
        try (ArchiveLock _ = archive.lock("backup");
                Snapshot snapshot = Snapshot.take(request.server(), request.threads())) {
            listener.note(
                    "writers were held up for %.1f ms by %s"
                            .formatted(snapshot.lock.heldMicros() / 1000.0, snapshot.lock.kind()));
            snapshot.warnings.forEach(listener::note);
            String name = id.orElseGet(() -> "base-" + ID.format(snapshot.source.at()));
            listener.phase("copy");
            List<Table> tables = copy(archive, name, snapshot);
            BaseDocument document =
                    retitle.apply(
                            new BaseDocument(
                                    BaseDocument.FORMAT_VERSION,
                                    name,
                                    snapshot.source,
                                    snapshot.lock,
                                    snapshot.schemas,
                                    tables,
                                    snapshot.programs,
                                    snapshot.accounts,
                                    snapshot.warnings));
            PartEntry part = archive.writeBaseDocument(document);
            BaseEntry entry = BaseEntry.of(name, part, document);
            archive.addBase(entry);
            return new BackupResult(entry, document, Duration.ofNanos(System.nanoTime() - started));
        }
    }

    private List<Table> copy(Archive archive, String id, Snapshot snapshot) {
        var cutter = new Pieces(snapshot.sessions().getFirst(), request.threads());
        Throttle throttle = Throttle.of(request.rate());
        var copies = new ArrayList<TableCopy>();
        var queue = new ConcurrentLinkedQueue<Runnable>();
        var sessions = new ConcurrentLinkedQueue<>(snapshot.sessions());
        for (int number = 0; number < snapshot.tables.size(); number++) {
            var copy =
                    new TableCopy(
                            snapshot.tables.get(number),
                            cutter.cut(number, snapshot.tables.get(number)));
            copies.add(copy);
            for (Piece piece : copy.pieces) {
                queue.add(
                        () -> {
                            Server session = sessions.remove();
                            try {
                                copy.read(archive, id, piece, session, throttle, listener);
                            } finally {
                                sessions.add(session);
                            }
                        });
            }
        }
        Workers.run("backup", request.threads(), queue);
        return copies.stream().map(TableCopy::table).toList();
    }

    /// One table while its pieces are read by several sessions.
    private static final class TableCopy {
        private final Table empty;
        private final List<Piece> pieces;
        private final List<List<Chunk>> chunks = new ArrayList<>();
        private final AtomicLong rows = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private int piecesLeft;

        TableCopy(Table empty, List<Piece> pieces) {
            this.empty = empty;
            this.pieces = pieces;
            piecesLeft = pieces.size();
            pieces.forEach(piece -> chunks.add(List.of()));
        }

        void read(
                Archive archive,
                String id,
                Piece piece,
                Server session,
                Throttle throttle,
                RecoveryListener listener) {
            long[] told = new long[2];
            var sinks = new ArrayList<ChunkWriter>();
            Runnable tell =
                    () -> {
                        ChunkWriter sink = sinks.getFirst();
                        long allRows = rows.addAndGet(sink.rows() - told[0]);
                        long allBytes = bytes.addAndGet(sink.textBytes() - told[1]);
                        told[0] = sink.rows();
                        told[1] = sink.textBytes();
                        listener.table(empty.qualifiedName(), allRows, allBytes, false);
                    };
            var sink = new ChunkWriter(archive, piece.pathPrefix(id), tell);
            sinks.add(sink);
            RowTextQuery.run(
                    session,
                    piece.select(),
                    RowSelect.isFloating(empty),
                    new ThrottledRows(sink::row, throttle, Time.system()));
            List<Chunk> done = end(sink);
            tell.run();
            synchronized (this) {
                chunks.set(piece.number(), done);
                piecesLeft--;
                if (piecesLeft == 0) {
                    listener.table(empty.qualifiedName(), rows.get(), bytes.get(), true);
                }
            }
        }

        private static List<Chunk> end(ChunkWriter sink) {
            try {
                return sink.end();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized Table table() {
            return empty.with(chunks.stream().flatMap(List::stream).toList());
        }
    }
}
