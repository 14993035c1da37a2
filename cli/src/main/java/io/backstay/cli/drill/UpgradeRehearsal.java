package io.backstay.cli.drill;

import io.backstay.change.evidence.Evidence;
import io.backstay.doors.Disk;
import io.backstay.lab.AcknowledgedCommit;
import io.backstay.lab.Traffic;
import io.backstay.lab.TrafficSettings;
import io.backstay.ledger.LedgerEntry;
import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import io.backstay.rollout.run.RunEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// The rehearsal of the upgrade on the twin: what must be refused, a controller that dies, a member
/// that fails and is backed out, then the change to its end, with traffic all the time, timed.
final class UpgradeRehearsal {
    private static final Duration EVIDENCE_VALID = Duration.ofDays(1);

    private final Stage stage;
    private final Twin twin;
    private final ChangeCase change;

    UpgradeRehearsal(Stage stage, Twin twin, ChangeCase change) {
        this.stage = stage;
        this.twin = twin;
        this.change = change;
    }

    String run() throws Exception {
        Instant started = stage.time.now();
        String runId = "rehearsal-upgrade-" + started.toEpochMilli();
        twin.rebuild();
        change.openForRehearsal();
        change.write("rehearsal.started", Map.of("run", runId));
        List<Evidence.NegativeControl> controls =
                new NegativeControls(stage, twin, change, runId).run();
        twin.rebuildSpare();
        stage.archives.backUp(twin.cluster(), twin.cluster().members().getLast());
        stage.archives.stream(twin.cluster(), twin.cluster().members().getFirst());
        try (Traffic traffic =
                Traffic.start(
                        TrafficSettings.of(
                                twin.cluster().address(),
                                stage.options.port(),
                                stage.secrets.accounts(),
                                Disk.folder(
                                        stage.folders
                                                .traffic()
                                                .resolve("twin-" + started.toEpochMilli())),
                                stage.options.seed()))) {
            traffic.awaitCommits(20, Duration.ofSeconds(20));
            Evidence evidence = withTraffic(traffic, runId, started, controls);
            change.sign(evidence);
            change.write(
                    evidence.result() == Evidence.Result.PASSED
                            ? "rehearsal.passed"
                            : "rehearsal.failed",
                    Map.of("run", runId, "why", evidence.why()));
            return "evidence %s: %d of %d controls refused, %d faults, back-out in %.1f s, writes stopped %d ms%s"
                    .formatted(
                            evidence.result(),
                            controls.stream().filter(Evidence.NegativeControl::refused).count(),
                            controls.size(),
                            evidence.faults().size(),
                            evidence.backout().millis() / 1e3,
                            evidence.downtimeMillisMax(),
                            evidence.why().isEmpty() ? "" : "; " + evidence.why());
        } finally {
            stage.archives.stop(twin.cluster());
        }
    }

    private Evidence withTraffic(
            Traffic traffic, String runId, Instant started, List<Evidence.NegativeControl> controls)
            throws Exception {
        var saboteur =
                new Saboteur(
                        stage.room.hosts(),
                        twin.fleet().host(twin.twinOf(firstHost())),
                        "mysql.install",
                        () -> false);
        boolean died = false;
        try {
            run(runId, saboteur);
        } catch (IllegalStateException e) {
            died = e.getCause() instanceof Saboteur.ControllerDiedException;
            if (!died) {
                throw e;
            }
        }
        change.write("fault.injected", Map.of("run", runId, "id", "kill-controller", "died", died));
        // a new driver knows nothing but the ledger
        RunEnd afterDeath = run(runId, saboteur);
        long backOutMillis = backOutMillis(runId);
        boolean backedOut = afterDeath instanceof RunEnd.Frozen && backOutMillis >= 0;
        change.write(
                "fault.injected",
                Map.of("run", runId, "id", "member-fails-health-check", "backedOut", backedOut));
        RunEnd end = afterDeath;
        if (backedOut) {
            new LiveRun(stage, twin.fleet(), change, runId, _ -> "")
                    .decide(List.of(KeyRing.RUNNER, KeyRing.VERIFIER), "the fault was injected");
            end = run(runId, saboteur);
        }
        traffic.awaitCommits(20, Duration.ofSeconds(30));
        traffic.pause();
        long lost = lost(traffic.acknowledged());
        boolean completed = end instanceof RunEnd.Completed;
        var faults =
                List.of(
                        new Evidence.Fault(
                                "kill-controller",
                                "a new controller goes on from the ledger, no step twice",
                                died ? "went on" : "did not die",
                                0,
                                died && completed),
                        new Evidence.Fault(
                                "member-fails-health-check",
                                "the member is backed out, the run freezes",
                                backedOut ? "backed out, frozen" : afterDeath.toString(),
                                Math.max(0, backOutMillis),
                                backedOut));
        boolean passed =
                completed
                        && lost == 0
                        && faults.stream().allMatch(Evidence.Fault::pass)
                        && controls.stream().allMatch(Evidence.NegativeControl::refused);
        Instant ended = stage.time.now();
        return new Evidence(
                runId,
                KeyRing.RUNNER,
                new Evidence.Tool("0.1.0", ""),
                started,
                ended,
                new Evidence.Twin(List.of(Stage.OLD, Stage.NEW), 1, 4, twin.fleet().shape().rows()),
                1,
                steps(runId),
                stall(runId),
                faults,
                controls,
                new Evidence.Backout(backedOut, backOutMillis, lost, ended.plus(EVIDENCE_VALID)),
                new Evidence.Restore(
                        true,
                        Duration.ofMillis(
                                Long.parseLong(stage.record.requireNote(ActOne.RESTORE_MILLIS))),
                        0),
                List.of(),
                passed ? Evidence.Result.PASSED : Evidence.Result.FAILED,
                passed
                        ? ""
                        : "run %s, %d acknowledged writes lost, faults %s"
                                .formatted(end, lost, faults),
                ended.plus(EVIDENCE_VALID),
                stage.room.ledger().head().line());
    }

    private RunEnd run(String runId, Saboteur saboteur) throws InterruptedException {
        return new LiveRun(stage, twin.fleet(), change, runId, _ -> "")
                .onTwin(twin::twinOf, saboteur)
                .run();
    }

    private String firstHost() {
        return change.plan().steps().getFirst().host();
    }

    /// Acknowledged writes that the twin's source does not have.
    private long lost(Collection<AcknowledgedCommit> acknowledged) {
        var found = new HashSet<Long>();
        try (Server session =
                stage.source(twin.fleet(), twin.cluster().name()).server().connect()) {
            for (SqlRow row : session.rows("SELECT id FROM shop.journal")) {
                found.add(Long.valueOf(row.require("id")));
            }
        }
        return acknowledged.stream().filter(commit -> !found.contains(commit.id())).count();
    }

    private long backOutMillis(String runId) {
        return entries(runId, "backout.done")
                .mapToLong(entry -> Long.parseLong(entry.body().path("tookMillis").asString("-1")))
                .findFirst()
                .orElse(-1);
    }

    private long stall(String runId) {
        return entries(runId, "switchover.thawed")
                .mapToLong(
                        entry ->
                                Long.parseLong(
                                        entry.body().path("writesStoppedMillis").asString("-1")))
                .max()
                .orElse(-1);
    }

    /// How long each step took, from its intent to its end, on the last member that took it.
    private List<Evidence.StepTime> steps(String runId) {
        var begun = new java.util.HashMap<String, Instant>();
        var times = new java.util.TreeMap<String, Evidence.StepTime>();
        stage.room.ledger().entries().stream()
                .filter(entry -> isOf(entry, runId))
                .forEach(
                        entry -> {
                            String step = entry.body().path("step").asString("");
                            String key = entry.host() + "/" + step;
                            if (entry.type().equals("step.intent")) {
                                begun.put(key, entry.time());
                            } else if (entry.type().equals("step.verified")
                                    && begun.containsKey(key)) {
                                times.put(
                                        step,
                                        new Evidence.StepTime(
                                                step,
                                                "done",
                                                Duration.between(begun.get(key), entry.time())
                                                        .toMillis(),
                                                -1));
                            }
                        });
        return List.copyOf(times.values());
    }

    private java.util.stream.Stream<LedgerEntry> entries(String runId, String type) {
        return stage.room.ledger().entries().stream()
                .filter(entry -> entry.type().equals(type) && isOf(entry, runId));
    }

    private static boolean isOf(LedgerEntry entry, String runId) {
        return entry.body().path("run").asString("").equals(runId);
    }
}
