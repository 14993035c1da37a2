package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.apply.ChangedTables;
import io.backstay.recovery.apply.EarlierStatements;
import io.backstay.recovery.apply.FoldedOnly;
import io.backstay.recovery.apply.RowEvents;
import io.backstay.recovery.apply.TableChanges;
import io.backstay.recovery.apply.TableChanges.TableLook;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.MariaDbPosition;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldStop;
import io.backstay.recovery.fold.LogFold;
import io.backstay.recovery.fold.LogStretch;
import io.backstay.recovery.stream.OpenSegmentRecovery;
import java.util.ArrayList;
import java.util.List;
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

    private GoOn(RestoreRequest request, Archive archive, Server server) {
        this.request = request;
        this.archive = archive;
        this.server = server;
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
        GtidPositions positions = GtidPositions.read(server);
        MariaDbGtidState state = positions.binlogState().union(positions.slavePosition());
        if (state.isEmpty()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s has no GTID state: it was not restored from an archive"
                            .formatted(server.address()),
                    "restore it first, without --go-on.");
        }
        for (BaseEntry base : archive.manifest().bases().reversed()) {
            if (!MariaDbPosition.require(base.gtid(), "going on with a restored server")
                    .gtids()
                    .stream()
                    .allMatch(state::reaches)) {
                continue;
            }
            List<SegmentEntry> after = archive.manifest().segmentsAfter(base);
            var cut = new UntilSearch(archive).find(base, after, request.until());
            if (cut.isPresent()) {
                BaseDocument document = archive.document(base);
                requireKnown(state, document, after);
                requireLater(state, cut.get().stop());
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
        for (var row : server.rows("SHOW ALL SLAVES STATUS")) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s is set up as a replica of %s"
                            .formatted(server.address(), row.find("Master_Host").orElse("?")),
                    "a replica goes on by itself.");
        }
        for (var row : server.rows("SHOW SLAVE HOSTS")) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "a replica is attached to %s: server %s"
                            .formatted(server.address(), row.find("Server_id").orElse("?")),
                    "going on begins its binary log anew: detach the replica first.");
        }
    }

    /// Every transaction the server has must be one of the archive's.
    private void requireKnown(MariaDbGtidState state, BaseDocument base, List<SegmentEntry> after) {
        MariaDbGtidState known = FoldStart.state(base);
        for (SegmentEntry segment : after) {
            known = known.union(MariaDbGtidState.parse(segment.lastGtids()));
        }
        for (MariaDbGtid gtid : state.gtids()) {
            if (!known.contains(gtid)) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "%s has the transaction %s, which is not in the archive: it was written to, or is of another"
                                        .formatted(server.address(), gtid)
                                + " cluster",
                        "restore into a fresh server. Nothing was changed on this one.");
            }
        }
    }

    private void requireLater(MariaDbGtidState state, FoldStop stop) {
        if (stop instanceof FoldStop.AfterGtid(MariaDbGtid gtid)
                && state.reaches(gtid)
                && !state.contains(gtid)) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s is behind %s already, at %s".formatted(server.address(), gtid, state),
                    "restore into a fresh server; a running one goes back with `backstay undo`.");
        }
    }

    private Result goOn(BaseDocument base, MariaDbGtidState state, UntilSearch.Cut cut) {
        var files = new ArrayList<BinlogFile>();
        try {
            var stretches = new ArrayList<LogStretch>();
            for (SegmentEntry segment : cut.segments()) {
                boolean isBehind =
                        MariaDbGtidState.parse(segment.toGtid()).gtids().stream()
                                .allMatch(state::reaches);
                if (!isBehind) {
                    BinlogFile file = BinlogFile.open(archive.requireWhole(segment.part()));
                    files.add(file);
                    stretches.add(
                            new LogStretch(
                                    segment.file(),
                                    InflatedSegment.of(file, segment.file(), files)));
                }
            }
            String from = state.positionState().toString();
            if (stretches.isEmpty() || isThere(state, cut.stop())) {
                return new Result(from, from, 0, 0, 0);
            }
            Fold fold =
                    LogFold.run(
                            FoldStart.behind(
                                    base,
                                    EarlierStatements.of(
                                            archive, cut.segments(), FoldStart.state(base), state),
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
                    MariaDbGtidState.parse(""),
                    "go on from " + from,
                    "run it again when the archive has its outcome, or go on to a point before it: `--until GTID`."
                            + " Nothing was changed.");
            return fenced(base, fold, state, stretches);
        } finally {
            files.forEach(BinlogFile::close);
        }
    }

    private static boolean isThere(MariaDbGtidState state, FoldStop stop) {
        return stop instanceof FoldStop.AfterGtid(MariaDbGtid gtid) && state.reaches(gtid);
    }

    private Result fenced(
            BaseDocument base, Fold fold, MariaDbGtidState state, List<LogStretch> stretches) {
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
            BaseDocument base,
            Fold fold,
            MariaDbGtidState state,
            List<LogStretch> stretches,
            Fence fence) {
        server.execute(
                "SET SESSION sql_log_bin = 0, SESSION max_statement_time = 0, SESSION lock_wait_timeout = 60");
        List<TableChanges> tables =
                ChangedTables.of(server, base, fold, Set.of(), TableChanges.Direction.FORWARD);
        RowEvents events =
                RowEvents.of(
                        stretches,
                        state,
                        Long.parseLong(server.requireValue("SELECT @@server_id")));
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
        MariaDbGtidState end =
                MariaDbPosition.require(fold.summary().end(), "going on with a restored server");
        setState(state, end);
        fence.lower(server);
        return new Result(
                state.positionState().toString(),
                end.positionState().toString(),
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

    private void setState(MariaDbGtidState before, MariaDbGtidState end) {
        if (server.requireValue("SELECT @@log_bin").equals("1")) {
            MariaDbGtidState now = GtidPositions.read(server).binlogState();
            if (!now.gtids().stream().allMatch(before::contains)) {
                throw new Problem(
                        ErrorCode.IN_DOUBT,
                        "%s was written to while its rows were brought on: its binary log has %s"
                                .formatted(server.address(), now),
                        "its rows are at %s and what was written beside; restore into a fresh server."
                                .formatted(end));
            }
            server.execute("RESET MASTER");
            server.execute("SET GLOBAL gtid_binlog_state = " + Identifier.text(end.toString()));
        }
        server.execute(
                "SET GLOBAL gtid_slave_pos = " + Identifier.text(end.positionState().toString()));
    }
}
