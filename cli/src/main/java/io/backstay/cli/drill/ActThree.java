package io.backstay.cli.drill;

import io.backstay.change.gate.GateVerdict;
import io.backstay.change.plan.FleetFacts;
import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.AcknowledgedCommit;
import io.backstay.ledger.LedgerEntry;
import io.backstay.mysql.ReplicationStatus;
import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import io.backstay.rollout.run.RunEnd;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The good change: every cluster from the old version to the new, rehearsed, approved, in waves,
/// with one member that fails and is backed out on the way.
final class ActThree implements Act {
    /// As the change declares it.
    static final Duration WRITES_STOPPED_MAX = Duration.ofSeconds(15);

    private static final Duration DOWNTIME_TOTAL = Duration.ofSeconds(45);
    private static final String RUN = "upgrade";

    @Override
    public int number() {
        return 3;
    }

    @Override
    public boolean needsRoot() {
        return true;
    }

    @Override
    public String title() {
        return "The good change: upgrade all clusters";
    }

    @Override
    public void play(Stage stage) throws Exception {
        Optional<FleetFacts> seen =
                stage.record.findNote("facts." + ChangeFiles.UPGRADE).map(FleetFacts::parse);
        ChangeCase change = ChangeCase.resolve(stage, ChangeFiles.UPGRADE, seen);
        if (change.findEvidence().isEmpty()) {
            stage.step(
                    "rehearse the upgrade on the twin: change, back-out, faults, negative controls",
                    () -> {
                        try (Twin twin = Twin.open(stage)) {
                            return new UpgradeRehearsal(stage, twin, change).run();
                        }
                    });
        }
        change.findEvidence()
                .ifPresent(
                        evidence ->
                                stage.claims.check(
                                        3,
                                        "upgrade-rehearsed",
                                        "the upgrade, its back-out, two faults and the negative controls were rehearsed on a twin",
                                        evidence.statement().predicate().result().name(),
                                        "",
                                        evidence.statement().predicate().result()
                                                == io.backstay.change.evidence.Evidence.Result
                                                        .PASSED));
        stage.step(
                "two approvals, then the gate",
                () -> {
                    if (!entries(stage, change, "rollout.started").isEmpty()) {
                        // the gate allowed this run; from here the run asks it, wave by wave: a
                        // member that is half done is no reason against its own end
                        change.open(false);
                        return "the run has begun on them";
                    }
                    KeyRing.APPROVERS.forEach(
                            person -> change.approve(person, "rehearsed; the way back fits"));
                    change.open(false);
                    GateVerdict verdict =
                            change.gate(
                                    Optional.of(change.plan().waves().getFirst()),
                                    Optional.empty());
                    if (!verdict.isAllowed()) {
                        throw new Problem(
                                ErrorCode.REFUSED,
                                "the gate denies the upgrade:\n" + verdict.text(),
                                "see `backstay gate explain`.");
                    }
                    return "allowed: " + verdict.results().size() + " rules hold";
                });
        EmbeddedHost victim = victim(stage, change);
        stage.step(
                "roll out: %s fails its health check on the way".formatted(victim.name()),
                () -> {
                    RunEnd end = run(stage, change, victim);
                    if (end instanceof RunEnd.Frozen frozen
                            && isBackedOut(stage, change, victim)
                            && entries(stage, change, "rollout.decided").isEmpty()) {
                        decide(stage, change, frozen);
                        end = run(stage, change, victim);
                    }
                    if (end instanceof RunEnd.Frozen frozen) {
                        throw new Problem(
                                ErrorCode.IN_DOUBT,
                                "the upgrade stands frozen at %s %s: %s"
                                        .formatted(frozen.host(), frozen.step(), frozen.reason()),
                                "look at the host, then at `backstay ledger show %s`."
                                        .formatted(stage.folders.ledgers()));
                    }
                    return "completed";
                });
        stage.step(
                "hold the fleet against what was promised",
                () -> {
                    claim(stage, change, victim);
                    return "";
                });
    }

    /// A replica of the second wave; of the only one where there is one.
    private static EmbeddedHost victim(Stage stage, ChangeCase change) {
        List<String> waves = change.plan().waves();
        String wave = waves.get(Math.min(1, waves.size() - 1));
        return stage.fleet.host(change.plan().stepsOf(wave).getFirst().host());
    }

    private static RunEnd run(Stage stage, ChangeCase change, EmbeddedHost victim)
            throws InterruptedException {
        var live = new LiveRun(stage, stage.fleet, change, RUN, change::gateFor);
        return live.rollout(
                        io.backstay.rollout.run.RunPlans.of(
                                change.plan(), change.directory().change(), RUN),
                        new Saboteur(
                                stage.room.hosts(),
                                victim,
                                "",
                                () ->
                                        entries(stage, change, "step.failed").stream()
                                                .anyMatch(
                                                        entry ->
                                                                entry.host()
                                                                        .equals(victim.name()))))
                .run();
    }

    /// Two people let the frozen run go on; one of them alone, signing twice, must not be able to.
    private static void decide(Stage stage, ChangeCase change, RunEnd.Frozen frozen) {
        var run = new LiveRun(stage, stage.fleet, change, RUN, change::gateFor);
        String reason = "go on after: " + frozen.reason();
        String one = KeyRing.APPROVERS.getFirst();
        boolean isRefused = false;
        try {
            run.decide(List.of(one, one), reason);
        } catch (Problem e) {
            isRefused = e.code() == ErrorCode.REFUSED;
        }
        change.write(
                "negative.control",
                Map.of("id", "decision-by-one", "refused", isRefused, "run", RUN));
        if (!isRefused) {
            throw new IllegalStateException("one person alone let a frozen run go on");
        }
        run.decide(KeyRing.APPROVERS, reason);
    }

    private static boolean isBackedOut(Stage stage, ChangeCase change, EmbeddedHost victim) {
        return entries(stage, change, "backout.done").stream()
                .anyMatch(entry -> entry.host().equals(victim.name()));
    }

    private static List<LedgerEntry> entries(Stage stage, ChangeCase change, String type) {
        return stage.room.ledger().entries().stream()
                .filter(
                        entry ->
                                entry.type().equals(type)
                                        && change.directory().digest().equals(entry.change())
                                        && entry.body().path("run").asString("").equals(RUN))
                .toList();
    }

    private static void claim(Stage stage, ChangeCase change, EmbeddedHost victim)
            throws InterruptedException {
        Set<String> restored =
                entries(stage, change, "step.verified").stream()
                        .filter(entry -> entry.body().path("step").asString("").equals("restore"))
                        .map(LedgerEntry::host)
                        .collect(Collectors.toSet());
        long upgraded =
                stage.fleet
                        .hosts()
                        .filter(host -> !host.isSpare())
                        .filter(host -> restored.contains(host.name()))
                        .filter(host -> isNewAndInPlace(stage, host))
                        .count();
        long members = stage.fleet.hosts().filter(host -> !host.isSpare()).count();
        stage.claims.check(
                3,
                "all-upgraded",
                "every member runs %s, restored from the archive, and replicates or is the source"
                        .formatted(Stage.NEW),
                "%d of %d".formatted(upgraded, members),
                "members",
                upgraded == members);
        long millis =
                entries(stage, change, "backout.done").stream()
                        .filter(entry -> entry.host().equals(victim.name()))
                        .mapToLong(
                                entry ->
                                        Long.parseLong(
                                                entry.body().path("tookMillis").asString("-1")))
                        .max()
                        .orElse(-1);
        stage.claims.check(
                3,
                "member-backed-out",
                "a member that failed its health check was back within the acceptable %d s"
                        .formatted(DOWNTIME_TOTAL.toSeconds()),
                "%.1f".formatted(millis / 1e3),
                "s",
                millis >= 0 && millis <= DOWNTIME_TOTAL.toMillis());
        new SwitchoverStalls(
                        stage,
                        entries(stage, change, "switchover.frozen"),
                        entries(stage, change, "switchover.thawed"))
                .claim(WRITES_STOPPED_MAX);
        stage.claims.check(
                3,
                "one-member-at-a-time",
                "never more than one member of a cluster was out of service",
                Integer.toString(togetherMax(stage, change)),
                "members",
                togetherMax(stage, change) == 1);
        long missing =
                stage.fleet.clusters().stream().mapToLong(cluster -> missing(stage, cluster)).sum();
        // none missing of none written would prove nothing
        boolean allWrote =
                stage.allTraffic().values().stream()
                        .noneMatch(traffic -> traffic.acknowledged().isEmpty());
        stage.claims.check(
                3,
                "upgrade-lost-nothing",
                "acknowledged writes that are not there after the upgrade",
                Long.toString(missing),
                "writes",
                missing == 0 && allWrote);
    }

    /// Of the new version, and either the source or a replica with both threads at work.
    private static boolean isNewAndInPlace(Stage stage, EmbeddedHost host) {
        if (!host.server().isRunning()) {
            return false;
        }
        try (Server session = host.server().connect()) {
            List<ReplicationStatus.FollowedSource> sources =
                    ReplicationStatus.read(session).sources();
            boolean isInPlace =
                    sources.isEmpty()
                            ? stage.source(stage.fleet, host.place().cluster())
                                    .name()
                                    .equals(host.name())
                            : sources.stream()
                                    .allMatch(ReplicationStatus.FollowedSource::isRunning);
            return isInPlace && session.requireValue("SELECT @@version").startsWith(Stage.NEW);
        }
    }

    /// Members of one cluster out of service at the same time, at worst, by the controller's chain.
    private static int togetherMax(Stage stage, ChangeCase change) {
        var out = new java.util.HashMap<String, HashSet<String>>();
        int max = 0;
        for (LedgerEntry entry : stage.room.ledger().entries()) {
            if (!change.directory().digest().equals(entry.change())
                    || !entry.body().path("run").asString("").equals(RUN)) {
                continue;
            }
            String step = entry.body().path("step").asString("");
            HashSet<String> members =
                    out.computeIfAbsent(
                            entry.host().isEmpty()
                                    ? ""
                                    : stage.fleet.host(entry.host()).place().cluster(),
                            _ -> new HashSet<>());
            if (entry.type().equals("step.intent") && step.equals("drain")) {
                members.add(entry.host());
                max = Math.max(max, members.size());
            } else if (entry.type().equals("backout.done")
                    || (entry.type().equals("step.verified") && step.equals("undrain"))) {
                members.remove(entry.host());
            }
        }
        return max;
    }

    private static long missing(Stage stage, EmbeddedCluster cluster) {
        stage.traffic(cluster.name()).pause();
        try (Server session = stage.source(stage.fleet, cluster.name()).server().connect()) {
            var found = new HashSet<Long>();
            for (SqlRow row : session.rows("SELECT id FROM shop.journal")) {
                found.add(Long.valueOf(row.require("id")));
            }
            return stage.traffic(cluster.name()).acknowledged().stream()
                    .map(AcknowledgedCommit::id)
                    .filter(id -> !found.contains(id))
                    .count();
        } finally {
            stage.traffic(cluster.name()).resume();
        }
    }
}
