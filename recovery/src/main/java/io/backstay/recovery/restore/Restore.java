package io.backstay.recovery.restore;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.RecoveryTask;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.fold.FoldSummary;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.proof.LogCoverage;
import io.backstay.recovery.proof.LogCoverage.Coverage;
import io.backstay.recovery.proof.ProvenTable;
import io.backstay.recovery.proof.Witness;
import io.backstay.recovery.restore.RestoreResult.TableResult;
import io.backstay.recovery.rows.Workers;
import io.backstay.recovery.stream.OpenSegmentRecovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/// Loads the final state of an archive into an empty server and proves it.
///
/// ```
/// plan ─► prove the target empty ─► fold ─► fence ─► make, load, index each table ─► programs
///      read every table back ─► accounts ─► GTID state ─► marker gone, fence off
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
        return RestorePlan.of(request, archive);
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
        try (FoldedLog log = FoldedLog.of(archive, plan)) {
            endPhase("fold");
            // beside the load, which it does not need
            var coverage =
                    CompletableFuture.supplyAsync(
                            () ->
                                    LogCoverage.of(
                                            FoldedLog.state(plan.whole()),
                                            plan.segments(),
                                            log.bytes()));
            try {
                return load(control, run, marker, log, coverage, confirmedBy);
            } finally {
                // the log must stay mapped until then
                boolean _ = coverage.handle((_, _) -> true).join();
            }
        }
    }

    /// From here on the target changes.
    private RestoreResult load(
            Server control,
            String run,
            RestoreMarker marker,
            FoldedLog log,
            CompletableFuture<Coverage> covering,
            String confirmedBy) {
        BaseDocument base = plan.document();
        notes.addAll(base.warnings());
        var witness = WitnessRun.start(certification.witness(), plan, archive, log);
        List<TableLoad> loads = base.tables().stream().map(TableLoad::new).toList();
        Fence fence = prepare(control, run, marker, loads, confirmedBy);
        loadAll(control, marker, log, loads);
        listener.phase("verify");
        inParallel(loads, (session, load) -> load.readBack(session));
        Witness.Report witnessed = witness.compare(control);
        Coverage coverage = joined(covering);
        endPhase("verify");
        List<ProvenTable> tables = loads.stream().map(TableLoad::proven).toList();
        var unproven = new ArrayList<String>();
        for (ProvenTable table : tables) {
            if (!table.differences().isEmpty()) {
                unproven.addAll(table.differences());
                marker.tableUndone(control, table.table());
            }
        }
        unproven.addAll(witnessed.differences());
        coverage.holes().forEach(hole -> unproven.add("the log has a hole: " + hole));
        MariaDbGtidState state = log.summary().end();
        String given = "";
        if (unproven.isEmpty()) {
            listener.phase("finish");
            given = setState(control, marker, state);
        } else {
            notes.add(
                    "the schema %s stays%s; the same restore again loads those tables anew"
                            .formatted(RestoreMarker.SCHEMA, fence.stays()));
        }
        Certificate certificate =
                certificate(
                        control, state, given, coverage, tables, witnessed, confirmedBy, unproven);
        certification.keeper().accept(certificate);
        if (unproven.isEmpty()) {
            marker.remove(control);
            fence.lower(control);
            endPhase("finish");
        }
        notes.forEach(listener::note);
        return result(certificate, log.summary(), loads);
    }

    private static Coverage joined(CompletableFuture<Coverage> covering) {
        try {
            return covering.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            throw e;
        }
    }

    private Fence prepare(
            Server control,
            String run,
            RestoreMarker marker,
            List<TableLoad> loads,
            String confirmedBy) {
        listener.phase("prepare");
        Fence fence =
                new Preparation(control, plan, marker)
                        .run(run, leftToDo(loads, marker), confirmedBy);
        endPhase("prepare");
        return fence;
    }

    private void loadAll(
            Server control, RestoreMarker marker, FoldedLog log, List<TableLoad> loads) {
        listener.phase("load");
        inParallel(
                leftToDo(loads, marker),
                (session, load) -> {
                    load.load(session, archive, log, listener);
                    load.index(session, listener);
                    marker.tableDone(session, load.table().qualifiedName(), load.facts());
                });
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
            MariaDbGtidState state,
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
                state.positionState().toString(),
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
        int threads = Math.max(1, Math.min(request.threads(), loads.size()));
        var sessions = new ConcurrentLinkedQueue<Server>();
        try {
            for (int i = 0; i < threads; i++) {
                Server session = Server.connect(request.target());
                sessions.add(session);
                LoadData.prepare(session);
            }
            List<Server> all = List.copyOf(sessions);
            var queue = new ConcurrentLinkedQueue<Runnable>();
            for (TableLoad load : loads) {
                queue.add(
                        () -> {
                            Server session = sessions.remove();
                            try {
                                work.accept(session, load);
                            } finally {
                                sessions.add(session);
                            }
                        });
            }
            Workers.run("restore", threads, queue);
            all.forEach(Server::close);
        } finally {
            sessions.forEach(Server::close);
        }
    }

    /// Accounts and GTID state; a part of a base has neither.
    ///
    /// @return the binary log state the server was given; empty if it writes none
    private String setState(Server control, RestoreMarker marker, MariaDbGtidState state) {
        if (!request.selection().isAll()) {
            notes.add(
                    "the target's GTID state and binary log are as they were: a part of a base is no position");
            return "";
        }
        String position = state.positionState().toString();
        boolean hasBinlog = control.requireValue("SELECT @@log_bin").equals("1");
        marker.gtidChosen(control, position, hasBinlog ? state.toString() : "");
        if (request.withAccounts()) {
            new Programs(control)
                    .accounts(plan.document().accounts())
                    .ifPresent(
                            own ->
                                    notes.add(
                                            "account "
                                                    + own
                                                    + " is as the target had it: the restore logged in as it"));
        }
        if (hasBinlog) {
            control.execute("RESET MASTER");
            control.execute("SET GLOBAL gtid_binlog_state = " + Identifier.text(state.toString()));
        } else {
            notes.add("the server writes no binary log: only its gtid_slave_pos was set");
        }
        control.execute("SET GLOBAL gtid_slave_pos = " + Identifier.text(position));
        return hasBinlog ? state.toString() : "";
    }

    private void endPhase(String name) {
        long now = System.nanoTime();
        phases.put(name, Duration.ofNanos(now - phaseStarted));
        phaseStarted = now;
    }
}
