package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedFleet;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.mysql.Server;
import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.run.FleetDesk;
import io.backstay.rollout.run.RunPlan;
import io.backstay.rollout.run.RunRecord;
import io.backstay.rollout.run.StepFailedException;
import io.backstay.rollout.run.Switchover;
import io.backstay.rollout.run.TrafficDoor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
        return stage.source(fleet, cluster).name();
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
        try (Server session = stage.source(fleet, cluster).server().connect()) {
            return session.requireValue("SELECT @@gtid_binlog_pos");
        }
    }

    @Override
    public String gateSaysNoTo(RunPlan.Wave wave) {
        return gate.apply(wave);
    }

    @Override
    public Duration switchover(String cluster, String from, String runId) {
        EmbeddedCluster members = fleet.cluster(cluster);
        String source = source(cluster);
        if (!source.equals(from)) {
            throw new StepFailedException(
                    from,
                    "switchover",
                    "expected %s to be the source of %s, found %s"
                            .formatted(from, cluster, source));
        }
        List<EmbeddedHost> others =
                members.members().stream().filter(member -> !member.name().equals(from)).toList();
        EmbeddedHost to = others.getFirst();
        Duration stall =
                new Switchover(hosts, this, record, changeDigest, SWITCHOVER_STEP)
                        .run(
                                new Switchover.Request(
                                        cluster,
                                        from,
                                        to.name(),
                                        others.stream().skip(1).map(EmbeddedHost::name).toList(),
                                        runId
                                                + "/switchover/"
                                                + stage.time.sinceBoot().toMillis()));
        stage.archives.stream(members, to);
        return stall;
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
