package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.apply.ChangedTables;
import io.backstay.recovery.apply.EarlierStatements;
import io.backstay.recovery.apply.FoldedOnly;
import io.backstay.recovery.apply.RowEvents;
import io.backstay.recovery.apply.RunningServer;
import io.backstay.recovery.apply.StretchState;
import io.backstay.recovery.apply.TableChanges;
import io.backstay.recovery.apply.TableChanges.TableLook;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldStop;
import io.backstay.recovery.fold.LogFold;
import io.backstay.recovery.fold.LogStretch;
import io.backstay.recovery.stream.OpenSegmentRecovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes a server that stands at an earlier point of an archive on to a later one: only the net
/// changes in between, in one transaction, each row only if it is as the archive says.
///
/// Killed anywhere, the same request goes on: rows that are there already are found so, and the
/// GTID state comes last. A row that somebody else has changed is a refusal, with nothing changed.
public final class GoOn {
    private final RestoreRequest request;
    private final Archive archive;
    private final Server server;
    private final RunningServer running;

    private GoOn(RestoreRequest request, Archive archive, Server server) {
        this.request = request;
        this.archive = archive;
        this.server = server;
        this.running = new RunningServer(server);
    }

    /// @param from GTID position before
    /// @param to GTID position after
    /// @param rows changed, each read again afterwards
    /// @param already rows that were as they are to be
    public record Result(String from, String to, long transactions, long rows, long already) {}

    /// Errors: a server that does not stand at a point of this archive, or has been written to
    /// since.
    public static Result run(RestoreRequest request, RecoveryListener listener) {
        Archive archive = Archive.open(request.archive());
        OpenSegmentRecovery.run(archive).ifPresent(listener::note);
        try (Server server = Server.connect(request.target())) {
            return new GoOn(request, archive, server).run();
        }
    }

    private Result run() {
        requireQuiet();
        GtidSet state = running.gtids();
        if (state.isEmpty()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s has no GTID state: it was not restored from an archive"
                            .formatted(server.address()),
                    "restore it first, without --go-on.");
        }
        for (BaseEntry base : archive.manifest().bases().reversed()) {
            if (!state.covers(GtidSet.parse(base.gtid()))) {
                continue;
            }
            List<SegmentEntry> after = archive.manifest().segmentsAfter(base);
            var cut = new UntilSearch(archive).find(base, after, request.until());
            if (cut.isPresent()) {
                BaseDocument document = archive.document(base);
                requireKnown(state, document, after);
                requireLater(state, document, cut.get());
                return goOn(document, state, cut.get());
            }
        }
        throw new Problem(
                ErrorCode.REFUSED,
                "archive %s has no base at or before %s, where %s stands, that reaches %s"
                        .formatted(archive.address(), state, server.address(), request.until()),
                "`backstay archive status --archive %s` shows what it holds."
                        .formatted(archive.address()));
    }

    private void requireQuiet() {
        if (Schemas.list(server).contains(RestoreMarker.SCHEMA)) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s holds an unfinished restore".formatted(server.address()),
                    "run that restore again to its end, then go on.");
        }
        for (String source : running.sources()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s is set up as a replica of %s".formatted(server.address(), source),
                    "a replica goes on by itself.");
        }
        for (String replica : running.replicas()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "a replica is attached to %s: server %s".formatted(server.address(), replica),
                    "going on begins its binary log anew: detach the replica first.");
        }
    }

    /// Every transaction the server has must be one of the archive's.
    private void requireKnown(GtidSet state, BaseDocument base, List<SegmentEntry> after) {
        GtidSet known = FoldStart.all(base);
        for (SegmentEntry segment : after) {
            known = known.and(GtidSet.parse(isMySql() ? segment.toGtid() : segment.lastGtids()));
        }
        Optional<Gtid> foreign =
                switch (state) {
                    case MySqlGtidSet set ->
                            known instanceof MySqlGtidSet all
                                    ? set.minus(all).findFirst().map(Gtid.class::cast)
                                    : set.findFirst().map(Gtid.class::cast);
                    case MariaDbGtidState positions -> firstUnknown(positions, known);
                };
        if (foreign.isPresent()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s has the transaction %s, which is not in the archive: it was written to, or is of another"
                                    .formatted(server.address(), foreign.get())
                            + " cluster",
                    "restore into a fresh server. Nothing was changed on this one.");
        }
    }

    private static Optional<Gtid> firstUnknown(MariaDbGtidState positions, GtidSet known) {
        return positions.gtids().stream()
                .filter(gtid -> !(known instanceof MariaDbGtidState all && all.contains(gtid)))
                .map(Gtid.class::cast)
                .findFirst();
    }

    private boolean isMySql() {
        return server.version().flavour() == Flavour.MYSQL;
    }

    private void requireLater(GtidSet state, BaseDocument base, UntilSearch.Cut cut) {
        boolean isBehind =
                switch (state) {
                    case MariaDbGtidState positions ->
                            cut.stop() instanceof FoldStop.AfterGtid(MariaDbGtid gtid)
                                    && positions.reaches(gtid)
                                    && !positions.contains(gtid);
                    case MySqlGtidSet _ ->
                            !(cut.stop() instanceof FoldStop.AtEnd)
                                    && !StretchState.at(
                                                    archive,
                                                    FoldStart.all(base),
                                                    cut.segments(),
                                                    cut.stop(),
                                                    true)
                                            .covers(state);
                };
        if (isBehind) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s is behind %s already, at %s"
                            .formatted(server.address(), request.until(), state),
                    "restore into a fresh server; a running one goes back with `backstay undo`.");
        }
    }

    private Result goOn(BaseDocument base, GtidSet state, UntilSearch.Cut cut) {
        var files = new ArrayList<BinlogFile>();
        try {
            var stretches = new ArrayList<LogStretch>();
            for (SegmentEntry segment : cut.segments()) {
                boolean isBehind = state.covers(GtidSet.parse(segment.toGtid()));
                if (!isBehind) {
                    BinlogFile file = BinlogFile.open(archive.requireWhole(segment.part()));
                    files.add(file);
                    stretches.add(
                            new LogStretch(
                                    segment.file(),
                                    InflatedSegment.of(file, segment.file(), files)));
                }
            }
            String from = state.place().toString();
            if (stretches.isEmpty() || isThere(state, cut.stop())) {
                return new Result(from, from, 0, 0, 0);
            }
            Fold fold =
                    LogFold.run(
                            FoldStart.behind(
                                    base,
                                    EarlierStatements.of(
                                            archive, cut.segments(), FoldStart.all(base), state),
                                    state,
                                    cut.stop()),
                            stretches);
            FoldedOnly.require(
                    fold,
                    Set.of(),
                    "go on from " + from,
                    "restore to the later point into a fresh server: `backstay restore` knows the ordered lane; or let"
                            + " this one go on as a replica of the source.");
            FoldedOnly.requireNonePrepared(
                    fold,
                    GtidSet.parse(""),
                    "go on from " + from,
                    "run it again when the archive has its outcome, or go on to a point before it: `--until GTID`."
                            + " Nothing was changed.");
            return fenced(base, fold, state, stretches);
        } finally {
            files.forEach(BinlogFile::close);
        }
    }

    private static boolean isThere(GtidSet state, FoldStop stop) {
        return stop instanceof FoldStop.AfterGtid(Gtid gtid) && state.has(gtid);
    }

    private Result fenced(BaseDocument base, Fold fold, GtidSet state, List<LogStretch> stretches) {
        Fence fence = Fence.look(server);
        fence.raise(server);
        try {
            return apply(base, fold, state, stretches, fence);
        } catch (Problem e) {
            if (e.code() == ErrorCode.REFUSED) {
                server.execute("ROLLBACK");
                fence.lower(server);
            }
            throw e;
        }
    }

    private Result apply(
            BaseDocument base, Fold fold, GtidSet state, List<LogStretch> stretches, Fence fence) {
        server.execute("SET SESSION sql_log_bin = 0");
        running.prepare();
        List<TableChanges> tables =
                ChangedTables.of(server, base, fold, Set.of(), TableChanges.Direction.FORWARD);
        RowEvents events = RowEvents.of(stretches, state, server);
        events.begin(server);
        server.execute("START TRANSACTION");
        List<TableLook> looks = look(tables);
        requireNone(looks, tables);
        ChangedTables.applyAll(tables, server, events);
        if (look(tables).stream().anyMatch(look -> look.rows() + look.conflicts() > 0)) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "rows read back from %s are not as the log left them"
                            .formatted(server.address()),
                    "nothing was changed; look for triggers or generated values there, or restore into a fresh server.");
        }
        server.execute("COMMIT");
        GtidSet end = fold.summary().end();
        running.become(state, end);
        fence.lower(server);
        return new Result(
                state.place().toString(),
                end.place().toString(),
                fold.summary().transactions(),
                looks.stream().mapToLong(TableLook::rows).sum(),
                looks.stream().mapToLong(TableLook::already).sum());
    }

    private List<TableLook> look(List<TableChanges> tables) {
        return tables.stream()
                .map(table -> table.look(server).of(table.definition().name().toString()))
                .toList();
    }

    private void requireNone(List<TableLook> looks, List<TableChanges> tables) {
        if (looks.stream().allMatch(look -> look.conflicts() == 0)) {
            return;
        }
        var shown = new ArrayList<String>();
        tables.forEach(table -> shown.addAll(table.look(server).conflictsShown()));
        throw new Problem(
                ErrorCode.REFUSED,
                "rows of %s are not as the archive has them at its GTID position: %s"
                        .formatted(
                                server.address(),
                                String.join("; ", shown.subList(0, Math.min(10, shown.size())))),
                "it was written to, or is damaged: restore into a fresh server. Nothing was changed on this one.");
    }
}
