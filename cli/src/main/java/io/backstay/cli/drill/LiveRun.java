package io.backstay.cli.drill;

import io.backstay.change.evidence.Decision;
import io.backstay.cli.drill.fleet.EmbeddedFleet;
import io.backstay.ledger.LedgerEntry;
import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.run.Decisions;
import io.backstay.rollout.run.Rollout;
import io.backstay.rollout.run.RunPlan;
import io.backstay.rollout.run.RunPlans;
import io.backstay.rollout.run.RunRecord;
import io.backstay.rollout.run.Steps;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A run of a change on an embedded fleet, wired to the controller's ledger: what that holds of the
/// run is where it goes on.
final class LiveRun {
    private static final Set<String> TOLD = Set.of("restore", "reinstall", "drop-set-aside");

    private final Stage stage;
    private final EmbeddedFleet fleet;
    private final ChangeCase change;
    private final String runId;
    private final Function<RunPlan.Wave, String> gate;
    private final Decisions decisions;
    private final RunRecord record;

    /// @param gate why a wave may not begin; empty text if it may
    LiveRun(
            Stage stage,
            EmbeddedFleet fleet,
            ChangeCase change,
            String runId,
            Function<RunPlan.Wave, String> gate) {
        this.stage = stage;
        this.fleet = fleet;
        this.change = change;
        this.runId = runId;
        this.gate = gate;
        this.decisions = new Decisions(stage.keys.trusted(deciders()), change.subjects(), runId);
        this.record =
                new RunRecord(
                        (type, host, body) -> {
                            stage.room
                                    .ledger()
                                    .append(type, host, change.directory().digest(), body);
                            tell(type, host, body);
                        },
                        runId,
                        decisions.facts(entries()));
        if (!isBegun()) {
            record.append(
                    "rollout.started",
                    "",
                    Map.of("plan", change.plan().digest(), "by", KeyRing.EXECUTOR));
        }
    }

    /// The few moments of a run that people wait for.
    private void tell(String type, String host, Map<String, String> body) {
        switch (type) {
            case "wave.started" -> stage.talk().found("wave " + body.get("wave"));
            case "step.intent" -> {
                if (TOLD.contains(String.valueOf(body.get("step")))) {
                    stage.talk().found(host + ": " + body.get("step"));
                }
            }
            case "switchover.thawed" ->
                    stage.talk()
                            .found(
                                    "%s: source %s -> %s, writes stopped %s ms"
                                            .formatted(
                                                    body.get("cluster"),
                                                    body.get("from"),
                                                    body.get("to"),
                                                    body.get("writesStoppedMillis")));
            case "backout.done" ->
                    stage.talk()
                            .found(
                                    "%s: backed out in %s ms"
                                            .formatted(host, body.get("tookMillis")));
            case "rollout.frozen" ->
                    stage.talk()
                            .found(
                                    "FROZEN: "
                                            + String.valueOf(body.get("reason"))
                                                    .lines()
                                                    .findFirst()
                                                    .orElse(""));
            case "rollout.decided" -> stage.talk().found("goes on, decided by " + body.get("by"));
            default -> {
                // in the ledger
            }
        }
    }

    RunRecord record() {
        return record;
    }

    /// The whole plan.
    Rollout whole() {
        return rollout(
                RunPlans.of(change.plan(), change.directory().change(), runId), stage.room.hosts());
    }

    /// What the plan does to its first cluster, on the twin.
    Rollout onTwin(UnaryOperator<String> twinOf, Hosts hosts) {
        return rollout(
                RunPlans.onTwin(change.plan(), change.directory().change(), runId, twinOf), hosts);
    }

    Rollout rollout(RunPlan plan, Hosts hosts) {
        var desk = new EmbeddedDesk(stage, fleet, hosts, record, change.directory().digest(), gate);
        return new Rollout(plan, desk, new Steps(hosts, desk, record), record);
    }

    private boolean isBegun() {
        return entries().stream().anyMatch(entry -> entry.type().equals("rollout.started"));
    }

    /// Two people let this frozen run go on.
    ///
    /// @param people whose keys sign; refused unless they are two, both trusted to decide here
    void decide(List<String> people, String reason) {
        List<LedgerEntry> entries = entries();
        String frozen = decisions.findFrozen(entries).orElse("");
        decisions.write(
                record,
                entries,
                new Decision(people, reason, runId, frozen, stage.time.now())
                        .sign(change.subjects(), people.stream().map(stage.keys::of).toList()));
    }

    /// Approvers on the live fleet; on a twin, where nothing is anybody's, those who rehearse.
    private List<String> deciders() {
        return fleet.equals(stage.fleet)
                ? KeyRing.APPROVERS
                : List.of(KeyRing.RUNNER, KeyRing.VERIFIER);
    }

    private List<LedgerEntry> entries() {
        return stage.room.ledger().entries().stream()
                .filter(
                        entry ->
                                change.directory().digest().equals(entry.change())
                                        && entry.body().path("run").asString("").equals(runId))
                .toList();
    }
}
