package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedFleet;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.doors.Problem;
import io.backstay.ledger.LedgerEntry;
import io.backstay.mysql.Server;
import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.run.FleetDesk;
import io.backstay.rollout.run.RunPlan;
import io.backstay.rollout.run.RunRecord;
import io.backstay.rollout.run.StepFailedException;
import io.backstay.rollout.run.Switchover;
import io.backstay.rollout.run.TrafficDoor;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What a rollout asks of an embedded fleet, live or twin: who is the source, which arguments a
/// step has, move the source.
final class EmbeddedDesk implements FleetDesk, TrafficDoor {
    private static final Duration SWITCHOVER_STEP = Duration.ofSeconds(30);

    private final Stage stage;
    private final EmbeddedFleet fleet;
    private final Hosts hosts;
    private final RunRecord record;
    private final String changeDigest;
    private final Function<RunPlan.Wave, String> gate;

    /// @param gate why a wave may not begin; empty text if it may
    EmbeddedDesk(
            Stage stage,
            EmbeddedFleet fleet,
            Hosts hosts,
            RunRecord record,
            String changeDigest,
            Function<RunPlan.Wave, String> gate) {
        this.stage = stage;
        this.fleet = fleet;
        this.hosts = hosts;
        this.record = record;
        this.changeDigest = changeDigest;
        this.gate = gate;
    }

    @Override
    public String source(String cluster) {
        return sourceOf(cluster).name();
    }

    private EmbeddedHost sourceOf(String cluster) {
        return answered(cluster, () -> stage.source(fleet, cluster));
    }

    /// What a cluster's own servers say; one that has no source, or a server that dies while it is
    /// asked, is a reason to stop, and no fault of ours.
    private static <T> T answered(String cluster, Supplier<T> question) {
        try {
            return question.get();
        } catch (IllegalStateException | Problem e) {
            throw new StepFailedException(
                    "", "", "cannot ask cluster %s: %s".formatted(cluster, e.getMessage()));
        }
    }

    @Override
    public Map<String, String> argumentsFor(String cluster, String host, RunPlan.Step step) {
        return switch (step.operation()) {
            case "mysql.install" -> Map.of("version", step.arguments().getOrDefault("version", ""));
            case "repl.join", "data.put-back" -> Map.of("source", source(cluster));
            case "member.verify" -> Map.of("position", position(cluster));
            default -> Map.of();
        };
    }

    private String position(String cluster) {
        EmbeddedHost source = sourceOf(cluster);
        return answered(
                cluster,
                () -> {
                    try (Server session = source.server().connect()) {
                        return session.requireValue("SELECT @@gtid_binlog_pos");
                    }
                });
    }

    @Override
    public String gateSaysNoTo(RunPlan.Wave wave) {
        return gate.apply(wave);
    }

    @Override
    public Duration switchover(String cluster, String from, String runId) {
        EmbeddedCluster members = fleet.cluster(cluster);
        Optional<LedgerEntry> thawed =
                entries(cluster, runId)
                        .filter(entry -> entry.type().equals("switchover.thawed"))
                        .filter(entry -> text(entry, "from").equals(from))
                        .reduce((_, later) -> later);
        if (thawed.isPresent()) {
            // moved by a controller that was killed before it wrote the step's end
            return Duration.ofMillis(Long.parseLong(text(thawed.get(), "writesStoppedMillis")));
        }
        String source = source(cluster);
        if (!source.equals(from)) {
            throw new StepFailedException(
                    from,
                    "switchover",
                    "expected %s to be the source of %s, found %s"
                            .formatted(from, cluster, source));
        }
        EmbeddedHost to = members.member(candidate(members, from));
        Duration stall =
                new Switchover(hosts, this, record, changeDigest, SWITCHOVER_STEP)
                        .run(
                                request(
                                        members,
                                        from,
                                        runId
                                                + "/switchover/"
                                                + stage.time.sinceBoot().toMillis()));
        stage.archives.stream(members, to);
        return stall;
    }

    @Override
    public void settle(String runId) {
        for (EmbeddedCluster cluster : fleet.clusters()) {
            List<LedgerEntry> told = entries(cluster.name(), runId).toList();
            if (told.isEmpty() || isOver(told.getLast())) {
                continue;
            }
            LedgerEntry last = told.getLast();
            String position =
                    told.stream()
                            .filter(entry -> entry.type().equals("switchover.drained"))
                            .reduce((_, later) -> later)
                            .map(entry -> text(entry, "position"))
                            .orElse("");
            new Switchover(hosts, this, record, changeDigest, SWITCHOVER_STEP)
                    .settle(
                            new Switchover.Cut(
                                    request(cluster, text(last, "from"), text(last, "try")),
                                    last.type(),
                                    position,
                                    // a settlement that failed has frozen the run: an entry more
                                    "settled-after-" + stage.room.ledger().head().seq()));
            if (Files.exists(cluster.archive().resolve("manifest.json"))) {
                stage.archives.stream(cluster, sourceOf(cluster.name()));
            }
        }
    }

    private static boolean isOver(LedgerEntry entry) {
        return entry.type().equals("switchover.undone")
                || entry.type().equals("switchover.repointed");
    }

    private static String candidate(EmbeddedCluster cluster, String from) {
        return others(cluster, from).getFirst();
    }

    private static List<String> others(EmbeddedCluster cluster, String from) {
        return cluster.members().stream()
                .map(EmbeddedHost::name)
                .filter(member -> !member.equals(from))
                .toList();
    }

    private static Switchover.Request request(EmbeddedCluster cluster, String from, String tryId) {
        List<String> others = others(cluster, from);
        return Switchover.Request.of(
                cluster.name(),
                from,
                candidate(cluster, from),
                others.subList(1, others.size()),
                tryId);
    }

    /// What the controller's chain says of switchovers of a cluster in this run, in order.
    private Stream<LedgerEntry> entries(String cluster, String runId) {
        return stage.room.ledger().entries().stream()
                .filter(entry -> changeDigest.equals(entry.change()))
                .filter(entry -> text(entry, "run").equals(runId))
                .filter(
                        entry ->
                                entry.type().startsWith("switchover.")
                                        || entry.type().startsWith("undo."))
                .filter(entry -> text(entry, "cluster").equals(cluster));
    }

    private static String text(LedgerEntry entry, String name) {
        return entry.body().path(name).asString("");
    }

    @Override
    public void hold(String cluster) {
        fleet.cluster(cluster).door().cut();
    }

    @Override
    public void pointTo(String cluster, String host) {
        EmbeddedCluster of = fleet.cluster(cluster);
        of.pointTo(of.member(host));
    }
}
