package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.mysql.Server;
import io.backstay.recovery.Deployment;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.RecoveryTask;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.fold.FoldSummary;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.proof.LogCoverage.Coverage;
import io.backstay.recovery.proof.ProvenTable;
import io.backstay.recovery.proof.Witness;
import io.backstay.recovery.restore.RestoreResult.TableResult;
import io.backstay.recovery.stream.OpenSegmentRecovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Loads the final state of an archive into an empty server and proves it.
///
/// ```
/// plan ─► prove the target empty ─► fold ─► fence ─► make, load, index each table ─► programs
///      read every table back ─► ordered lane ─► accounts ─► GTID state ─► marker gone, fence off
/// ```
///
/// A run that was killed anywhere leaves its marker ([RestoreMarker]); the same request goes on
/// with the tables that are not loaded whole. The server stays `read_only` until all is proven.
public final class Restore {
    private final RestoreRequest request;
    private final RestorePlan plan;
    private final Archive archive;
    private final RecoveryListener listener;
    private final Certification certification;
    private final Instant begun = Instant.now();
    private final Map<String, Duration> phases = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final long started = System.nanoTime();
    private long phaseStarted = started;

    private Restore(
            RestoreRequest request,
            RestorePlan plan,
            Archive archive,
            RecoveryListener listener,
            Certification certification) {
        this.certification = certification;
        this.request = request;
        this.plan = plan;
        this.archive = archive;
        this.listener = listener;
    }

    /// What [#run] would do. Asks the archive only, and takes up an open segment there, as [#run]
    /// does first.
    public static RestorePlan plan(RestoreRequest request) {
        Archive archive = Archive.open(request.archive());
        OpenSegmentRecovery.run(archive);
        RestorePlan plan = RestorePlan.of(request, archive);
        try (FoldedLog log = FoldedLog.survey(archive, plan)) {
            return plan.withLanes(log.fold().lanes());
        }
    }

    /// Errors: a refusal of the target with nothing changed on it; damage in the archive; a server
    /// that fails. The marker stays then.
    public static RestoreResult run(RestoreRequest request, RecoveryListener listener) {
        return run(request, listener, Certification.none());
    }

    public static RestoreResult run(
            RestoreRequest request, RecoveryListener listener, Certification certification) {
        Archive archive = Archive.open(request.archive());
        OpenSegmentRecovery.run(archive).ifPresent(listener::note);
        RestorePlan plan = RestorePlan.of(request, archive);
        try (Server control = Server.connect(request.target())) {
            Deployment.requireOfItsOwn(control, "restore to");
            boolean hasAccounts = request.withAccounts() && request.selection().isAll();
            (hasAccounts ? RecoveryTask.RESTORE : RecoveryTask.RESTORE_DATA).require(control);
            return new Restore(request, plan, archive, listener, certification).run(control);
        }
    }

    private RestoreResult run(Server control) {
        listener.expected(plan.tables().stream().mapToLong(t -> t.bytes()).sum());
        listener.phase("prove the target");
        String run = plan.runName(archive.manifest().archiveId());
        RestoreMarker marker = RestoreMarker.read(control, run);
        String confirmedBy = TargetProof.require(control, request, plan, marker);
        endPhase("proof");
        listener.phase("fold");
        try (FoldedLog log = FoldedLog.of(archive, plan, request.memory())) {
            endPhase("fold");
            return load(control, run, marker, log, confirmedBy);
        }
    }

    /// From here on the target changes.
    private RestoreResult load(
            Server control, String run, RestoreMarker marker, FoldedLog log, String confirmedBy) {
        BaseDocument base = plan.document();
        notes.addAll(base.warnings());
        notes.addAll(log.notes());
        var witness = WitnessRun.start(certification.witness(), plan, archive, log);
        List<TableLoad> loads =
                base.tables().stream()
                        .map(table -> new TableLoad(table, log.lane(table.definition().name())))
                        .toList();
        var lane = new OrderedLane(request.target(), marker, log.ordered(), listener);
        var finish = new Finish(control, plan, request, notes);
        Fence fence = prepare(control, run, marker, loads, lane, confirmedBy);
        loadAll(control, marker, log, loads, lane);
        fence.withRedoLog(control);
        listener.phase("verify");
        inParallel(notReadBack(loads, marker), (session, load) -> load.readBack(session));
        Witness.Report witnessed = witness.compare(control);
        Coverage coverage = log.coverage();
        endPhase("verify");
        List<ProvenTable> tables = loads.stream().map(TableLoad::proven).toList();
        List<String> wrong = wrong(control, marker, tables);
        wrong.addAll(witnessed.differences());
        coverage.holes().forEach(hole -> wrong.add("the log has a hole: " + hole));
        var unproven = new ArrayList<String>(wrong);
        GtidSet state = log.end();
        String given = "";
        if (wrong.isEmpty()) {
            ordered(control, lane, finish, log, loads);
            if (plan.selection().isAll()) {
                unproven.addAll(OrderedLane.unproven(log));
                unproven.addAll(Refusals.unproven(log.fold()));
            }
            listener.phase("finish");
            given = finish.run(marker, state, log.ordered());
        } else {
            notes.add(
                    "the schema %s stays%s; the same restore again loads those tables anew"
                            .formatted(RestoreMarker.SCHEMA, fence.stays()));
        }
        Certificate certificate =
                certificate(
                        control, state, given, coverage, tables, witnessed, confirmedBy, unproven);
        certification.keeper().accept(certificate);
        if (wrong.isEmpty()) {
            marker.remove(control);
            fence.lower(control);
            endPhase("finish");
        }
        notes.forEach(listener::note);
        return result(certificate, log.summary(), loads);
    }

    /// Tables whose rows are not those that were loaded; the next run loads them anew.
    private static List<String> wrong(
            Server control, RestoreMarker marker, List<ProvenTable> tables) {
        var wrong = new ArrayList<String>();
        for (ProvenTable table : tables) {
            if (!table.differences().isEmpty()) {
                wrong.addAll(table.differences());
                marker.tableUndone(control, table.table());
            }
        }
        return wrong;
    }

    private void ordered(
            Server control, OrderedLane lane, Finish finish, FoldedLog log, List<TableLoad> loads) {
        if (!log.ordered().isEmpty()) {
            listener.phase("ordered");
            // triggers and routines that a statement sets off run in their names
            finish.makeAccounts();
            notes.addAll(lane.run(control, loads));
            endPhase("ordered");
        }
    }

    private Fence prepare(
            Server control,
            String run,
            RestoreMarker marker,
            List<TableLoad> loads,
            OrderedLane lane,
            String confirmedBy) {
        listener.phase("prepare");
        if (lane.mustBeginAnew(loads)) {
            LoadData.prepare(control); // or what is dropped would be in its binary log
            notes.add("an earlier run left a statement in doubt: the restore began anew");
            marker.beginAnew(control);
        }
        Fence fence =
                new Preparation(control, plan, marker)
                        .run(run, leftToDo(loads, marker), lane, confirmedBy);
        endPhase("prepare");
        return fence;
    }

    private void loadAll(
            Server control,
            RestoreMarker marker,
            FoldedLog log,
            List<TableLoad> loads,
            OrderedLane lane) {
        listener.phase("load");
        inParallel(
                leftToDo(loads, marker),
                (session, load) -> {
                    load.load(session, archive, log, listener);
                    load.index(session, listener);
                    marker.tableDone(session, load.table().qualifiedName(), load.facts());
                });
        if (lane.isBegun()) {
            // all that was there by then, and may be there no more
            endPhase("load");
            return;
        }
        loads.forEach(load -> load.addForeignKeys(control));
        if (!request.selection().isAll()) {
            plan.document()
                    .programs()
                    .forEach(p -> marker.programBegun(control, p.kind(), p.schema(), p.name()));
        }
        new Programs(control).make(plan.document().programs());
        endPhase("load");
    }

    private Certificate certificate(
            Server control,
            GtidSet state,
            String given,
            Coverage coverage,
            List<ProvenTable> tables,
            Witness.Report witnessed,
            String confirmedBy,
            List<String> unproven) {
        return new Certificate(
                Archive.WRITER,
                begun,
                Instant.now(),
                archive.manifest().archiveId(),
                new Certificate.Base(
                        plan.base().id(),
                        plan.base().part().sha256(),
                        plan.base().gtid(),
                        plan.base().serverVersion()),
                plan.until(),
                TargetFlavour.of(control).position(state),
                given,
                request.selection().toString(),
                new Certificate.Target(
                        request.target().toString(),
                        control.version().toString(),
                        Long.parseLong(control.requireValue("SELECT @@server_id")),
                        confirmedBy),
                coverage,
                tables,
                witnessed,
                List.copyOf(notes),
                List.copyOf(unproven));
    }

    private RestoreResult result(Certificate certificate, FoldSummary log, List<TableLoad> loads) {
        List<TableResult> tables = loads.stream().map(TableLoad::result).toList();
        return new RestoreResult(
                plan.base().id(),
                certificate.gtid(),
                certificate.gtidBinlogState(),
                tables,
                tables.stream().mapToLong(TableResult::rows).sum(),
                log.rowEvents(),
                log.transactions(),
                Collections.unmodifiableMap(phases),
                Duration.ofNanos(System.nanoTime() - started),
                notes,
                certificate.unproven());
    }

    /// Big tables first. A table that an earlier run has loaded whole takes that run's facts.
    private List<TableLoad> leftToDo(List<TableLoad> loads, RestoreMarker marker) {
        var left = new ArrayList<TableLoad>();
        for (TableLoad load : loads) {
            marker.findDone(load.table().qualifiedName())
                    .ifPresentOrElse(load::resume, () -> left.add(load));
        }
        String goneOn =
                "gone on with an earlier run: "
                        + (loads.size() - left.size())
                        + " tables were loaded already";
        if (left.size() < loads.size() && !notes.contains(goneOn)) {
            notes.add(goneOn);
        }
        left.sort(Comparator.comparingLong(TableLoad::size).reversed());
        return left;
    }

    private void inParallel(List<TableLoad> loads, BiConsumer<Server, TableLoad> work) {
        LoadSessions.run(request, loads, work);
    }

    /// Tables whose events were begun to be executed were read back before.
    private static List<TableLoad> notReadBack(List<TableLoad> loads, RestoreMarker marker) {
        var left = new ArrayList<TableLoad>();
        for (TableLoad load : loads) {
            marker.findVerified(load.table().qualifiedName())
                    .ifPresentOrElse(load::readBackBefore, () -> left.add(load));
        }
        return left;
    }

    private void endPhase(String name) {
        long now = System.nanoTime();
        phases.put(name, Duration.ofNanos(now - phaseStarted));
        phaseStarted = now;
    }
}
