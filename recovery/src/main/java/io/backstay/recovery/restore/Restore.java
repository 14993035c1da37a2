package io.backstay.recovery.restore;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Schema;
import io.backstay.recovery.restore.RestoreResult.TableResult;
import io.backstay.recovery.rows.Workers;
import io.backstay.recovery.stream.OpenSegmentRecovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<String, Duration> phases = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final long started = System.nanoTime();
    private long phaseStarted = started;

    private Restore(
            RestoreRequest request, RestorePlan plan, Archive archive, RecoveryListener listener) {
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
        Archive archive = Archive.open(request.archive());
        OpenSegmentRecovery.run(archive).ifPresent(listener::note);
        RestorePlan plan = RestorePlan.of(request, archive);
        try (Server control = Server.connect(request.target())) {
            return new Restore(request, plan, archive, listener).run(control);
        }
    }

    private RestoreResult run(Server control) {
        BaseDocument base = plan.document();
        listener.phase("prove the target");
        String run = runName();
        RestoreMarker marker = RestoreMarker.read(control, run);
        TargetProof.require(control, base, marker);
        endPhase("proof");
        listener.phase("fold");
        try (FoldedLog log = FoldedLog.of(archive, plan)) {
            endPhase("fold");
            return load(control, run, marker, log);
        }
    }

    /// From here on the target changes.
    private RestoreResult load(Server control, String run, RestoreMarker marker, FoldedLog log) {
        BaseDocument base = plan.document();
        notes.addAll(base.warnings());
        listener.phase("prepare");
        LoadData.prepare(control);
        Fence fence = marker.fence(control);
        fence.raise(control);
        marker.create(control, run, fence);
        for (Schema schema : base.schemas()) {
            marker.schemaMade(control, schema.name());
            control.execute(
                    schema.createSql()
                            .replaceFirst("^CREATE DATABASE ", "CREATE DATABASE IF NOT EXISTS "));
        }
        List<TableLoad> loads = base.tables().stream().map(TableLoad::new).toList();
        List<TableLoad> left = leftToDo(loads, marker);
        left.forEach(load -> load.make(control));
        endPhase("prepare");
        listener.phase("load");
        inParallel(
                left,
                (session, load) -> {
                    load.load(session, archive, log, listener);
                    load.index(session, listener);
                    marker.tableDone(session, load.table().qualifiedName(), load.facts());
                });
        loads.forEach(load -> load.addForeignKeys(control));
        new Programs(control).make(base.programs());
        endPhase("load");
        listener.phase("verify");
        inParallel(loads, (session, load) -> load.readBack(session));
        endPhase("verify");
        List<TableResult> tables = loads.stream().map(TableLoad::result).toList();
        List<String> unproven = unproven(tables);
        MariaDbGtidState state = log.summary().end();
        String given = "";
        if (unproven.isEmpty()) {
            listener.phase("finish");
            given = finish(control, marker, fence, state);
            endPhase("finish");
        } else {
            notes.add(
                    "the server stays read_only, without GTID state and with the schema "
                            + RestoreMarker.SCHEMA);
        }
        notes.forEach(listener::note);
        return new RestoreResult(
                base.id(),
                state.positionState().toString(),
                given,
                tables,
                tables.stream().mapToLong(TableResult::rows).sum(),
                log.summary().rowEvents(),
                log.summary().transactions(),
                Collections.unmodifiableMap(phases),
                Duration.ofNanos(System.nanoTime() - started),
                notes,
                unproven);
    }

    private String runName() {
        return archive.manifest().archiveId()
                + " "
                + plan.document().id()
                + " until "
                + plan.until()
                + " ("
                + (plan.segments().isEmpty() ? "base" : plan.segments().getLast().toGtid())
                + ")";
    }

    /// Big tables first. A table that an earlier run has loaded whole takes that run's facts.
    private List<TableLoad> leftToDo(List<TableLoad> loads, RestoreMarker marker) {
        var left = new ArrayList<TableLoad>();
        for (TableLoad load : loads) {
            marker.findDone(load.table().qualifiedName())
                    .ifPresentOrElse(load::resume, () -> left.add(load));
        }
        if (left.size() < loads.size()) {
            notes.add(
                    "gone on with an earlier run: "
                            + (loads.size() - left.size())
                            + " tables were loaded already");
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

    private static List<String> unproven(List<TableResult> tables) {
        return tables.stream()
                .filter(table -> !table.isProven())
                .map(
                        table ->
                                "table %s: loaded %s, the server holds %s"
                                        .formatted(
                                                table.table(),
                                                table.loadedDigest(),
                                                table.foundDigest()))
                .toList();
    }

    /// @return the binary log state the server was given; empty if it writes none
    private String finish(
            Server control, RestoreMarker marker, Fence fence, MariaDbGtidState state) {
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
        marker.remove(control);
        fence.lower(control);
        return hasBinlog ? state.toString() : "";
    }

    private void endPhase(String name) {
        long now = System.nanoTime();
        phases.put(name, Duration.ofNanos(now - phaseStarted));
        phaseStarted = now;
    }
}
