package io.backstay.recovery.undo;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.GtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.apply.EarlierStatements;
import io.backstay.recovery.apply.FoldedOnly;
import io.backstay.recovery.apply.StretchState;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.LogFold;
import io.backstay.recovery.fold.LogStretch;
import io.backstay.recovery.restore.FoldStart;
import io.backstay.recovery.restore.InflatedSegment;
import io.backstay.recovery.restore.UntilSearch;
import java.util.ArrayList;
import java.util.List;

/// The stretch that is to be undone, folded; its segments stay mapped until [#close].
final class UndoLog implements AutoCloseable {
    private final BaseDocument base;
    private final List<BinlogFile> files;
    private final List<LogStretch> stretches;
    private final GtidSet start;
    private final Fold fold;

    private UndoLog(
            BaseDocument base,
            List<BinlogFile> files,
            List<LogStretch> stretches,
            GtidSet start,
            Fold fold) {
        this.base = base;
        this.start = start;
        this.files = files;
        this.stretches = stretches;
        this.fold = fold;
    }

    /// Errors: a stretch that the archive does not hold; what cannot be folded.
    static UndoLog of(Archive archive, UndoRequest request) {
        var search = new UntilSearch(archive);
        for (BaseEntry base : archive.manifest().bases().reversed()) {
            List<SegmentEntry> after = archive.manifest().segmentsAfter(base);
            var from = search.find(base, after, request.from());
            if (from.isEmpty() || (request.isOneTransaction() && from.get().segments().isEmpty())) {
                continue;
            }
            var to = search.find(base, after, request.to());
            if (to.isPresent()) {
                BaseDocument document = archive.document(base);
                GtidSet start =
                        StretchState.at(
                                archive,
                                FoldStart.all(document),
                                from.get().segments(),
                                from.get().stop(),
                                !request.isOneTransaction());
                return fold(archive, document, start, to.get(), request);
            }
        }
        throw new Problem(
                ErrorCode.FAILED,
                "archive %s does not hold the stretch %s behind any of its bases"
                        .formatted(archive.address(), request.stretch()),
                "`backstay archive status --archive %s` shows what it holds; stream more first if it is too new."
                        .formatted(archive.address()));
    }

    private static UndoLog fold(
            Archive archive,
            BaseDocument base,
            GtidSet start,
            UntilSearch.Cut to,
            UndoRequest request) {
        var files = new ArrayList<BinlogFile>();
        try {
            var stretches = new ArrayList<LogStretch>();
            for (SegmentEntry segment : to.segments()) {
                if (start.covers(GtidSet.parse(segment.toGtid()))) {
                    continue; // in front of the stretch
                }
                BinlogFile file = BinlogFile.open(archive.requireWhole(segment.part()));
                files.add(file);
                stretches.add(
                        new LogStretch(
                                segment.file(), InflatedSegment.of(file, segment.file(), files)));
            }
            if (stretches.isEmpty()) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "the stretch is empty: nothing in the archive is behind its begin and up to its end",
                        "--from names the last transaction that stays, --to the last that is taken out.");
            }
            Fold fold =
                    LogFold.run(
                            FoldStart.behind(
                                    base,
                                    EarlierStatements.of(
                                            archive, to.segments(), FoldStart.all(base), start),
                                    start,
                                    to.stop()),
                            stretches);
            FoldedOnly.require(
                    fold,
                    request.tables(),
                    "undo " + request.stretch(),
                    "name the tables to undo, if others are in the way: `backstay undo --tables`; or restore the table"
                            + " as it was beside it and compare: `backstay restore --until GTID --tables`.");
            FoldedOnly.requireNonePrepared(
                    fold,
                    start,
                    "undo " + request.stretch(),
                    "let the stretch end with its XA COMMIT, which is where its rows count.");
            return new UndoLog(base, files, stretches, start, fold);
        } catch (RuntimeException e) {
            files.forEach(BinlogFile::close);
            throw e;
        }
    }

    BaseDocument base() {
        return base;
    }

    Fold fold() {
        return fold;
    }

    /// GTID state in front of the stretch.
    GtidSet start() {
        return start;
    }

    List<LogStretch> stretches() {
        return stretches;
    }

    /// All transactions of the stretch; of MariaDB the last, one a domain and server.
    GtidSet folded() {
        return fold.summary().folded();
    }

    @Override
    public void close() {
        files.forEach(BinlogFile::close);
    }
}
