package io.backstay.recovery.undo;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.apply.ChangedTables;
import io.backstay.recovery.apply.RowEvents;
import io.backstay.recovery.apply.RunningServer;
import io.backstay.recovery.apply.TableChanges;
import io.backstay.recovery.apply.TableChanges.Direction;
import io.backstay.recovery.apply.TableChanges.TableLook;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.stream.OpenSegmentRecovery;
import java.util.ArrayList;
import java.util.List;

/// Takes a stretch of log, or one transaction, back on the server it came from: its net changes
/// turned round, in one transaction.
///
/// ```
/// fold the stretch ─► BEGIN ─► look at every row, locked ─► plan ─┬─► ROLLBACK (shown, or another plan)
///                                      delete, update, insert ◄───┘ confirmed
///                                      COMMIT
/// ```
///
/// A dry run does all of it and rolls back, so that what the server would refuse is found then.
/// Rows that have moved on since are conflicts: listed, never touched. Row images go in as they
/// were logged, so triggers do not fire; a row that others hang on by a foreign key is refused by
/// name, as the server would change those.
public final class Undo {
    private final UndoRequest request;
    private final Server server;
    private final UndoLog log;
    private final RunningServer running;

    private Undo(UndoRequest request, Server server, UndoLog log) {
        this.request = request;
        this.server = server;
        this.log = log;
        this.running = new RunningServer(server);
    }

    /// @param isApplied false for a dry run
    public record Result(UndoPlan plan, boolean isApplied) {}

    /// Tries everything and takes it back.
    public static Result dryRun(UndoRequest request) {
        return run(request, false);
    }

    /// Errors: a plan that was not confirmed, with the plan; what [#dryRun] would tell.
    public static Result run(UndoRequest request) {
        return run(request, true);
    }

    private static Result run(UndoRequest request, boolean isApplying) {
        Archive archive = Archive.open(request.archive());
        OpenSegmentRecovery.run(archive);
        try (UndoLog log = UndoLog.of(archive, request);
                Server server = Server.connect(request.server())) {
            return new Undo(request, server, log).run(isApplying);
        }
    }

    private Result run(boolean isApplying) {
        requireServer();
        running.prepare();
        List<TableChanges> tables =
                ChangedTables.of(server, log.base(), log.fold(), request.tables(), Direction.BACK);
        RowEvents events = RowEvents.of(log.stretches(), log.start(), server);
        requireAllFolded(events);
        events.begin(server);
        server.execute("START TRANSACTION");
        try {
            UndoPlan plan = look(tables);
            if (isApplying) {
                requireConfirmed(plan);
            }
            ChangedTables.applyAll(tables, server, events);
            server.execute(isApplying ? "COMMIT" : "ROLLBACK");
            return new Result(plan, isApplying);
        } catch (RuntimeException e) {
            // where the session is lost, the server rolls back by itself
            try {
                server.execute("ROLLBACK");
            } catch (Problem lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
    }

    private UndoPlan look(List<TableChanges> tables) {
        var plans = new ArrayList<TableLook>();
        var conflicts = new ArrayList<String>();
        long count = 0;
        for (TableChanges table : tables) {
            TableChanges.Look look = table.look(server);
            TableLook plan = look.of(table.definition().name().toString());
            plans.add(plan);
            conflicts.addAll(look.conflictsShown());
            count += plan.conflicts();
        }
        return UndoPlan.of(
                server.address().toString(),
                request.stretch(),
                log.fold().summary().transactions(),
                plans,
                conflicts,
                count);
    }

    private void requireConfirmed(UndoPlan plan) {
        String given = request.confirmation();
        if (given.length() >= 12 && plan.digest().startsWith(given)) {
            return;
        }
        throw new Problem(
                ErrorCode.REFUSED,
                "%s\n%s"
                        .formatted(
                                given.isEmpty()
                                        ? "this plan has not been confirmed:"
                                        : "what was confirmed, "
                                                + given
                                                + ", is another plan than what is to be done now:",
                                plan.text().stripTrailing()),
                "if that is what you want, run it again with `--digest %s`. Nothing was changed."
                        .formatted(plan.digest().substring(0, 12)));
    }

    private void requireServer() {
        for (String source : running.sources()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s is a replica of %s".formatted(server.address(), source),
                    "undo on the source; replicas get it from there.");
        }
        running.findMissing(log.folded())
                .ifPresent(
                        gtid -> {
                            throw new Problem(
                                    ErrorCode.REFUSED,
                                    "%s has not had the transaction %s: its GTID state is %s"
                                            .formatted(server.address(), gtid, running.gtids()),
                                    "name the server that the archive's log is from, or one restored from it.");
                        });
    }

    /// What the log changed and the fold does not have must not pass as nothing.
    private void requireAllFolded(RowEvents events) {
        for (TableName name : request.tables()) {
            if (log.fold().find(name).isEmpty() && events.columns(name).isPresent()) {
                throw new Problem(
                        ErrorCode.UNSUPPORTED,
                        "cannot undo %s: the log changes it, but its net changes are not known"
                                .formatted(name),
                        "its changes lie behind the stretch or cannot be folded; restore the table beside it and"
                                + " compare.");
            }
        }
    }
}
