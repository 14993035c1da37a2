package io.backstay.cli.drill;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.change.gate.ClusterFacts;
import io.backstay.change.plan.FleetFacts;
import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedFleet;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The fleet as its own agents tell it, just now.
final class FleetEye {
    private static final Duration DEADLINE = Duration.ofSeconds(15);
    private static final AtomicLong LOOKS = new AtomicLong();

    private final EmbeddedFleet fleet;
    private final Hosts hosts;

    FleetEye(EmbeddedFleet fleet, Hosts hosts) {
        this.fleet = fleet;
        this.hosts = hosts;
    }

    /// For resolving a plan.
    FleetFacts facts() {
        List<FleetFacts.Host> all =
                fleet.hosts()
                        .map(
                                host -> {
                                    Map<String, String> seen = look(host);
                                    FleetFacts.Role role =
                                            host.isSpare()
                                                    ? FleetFacts.Role.SPARE
                                                    : isSource(seen)
                                                            ? FleetFacts.Role.SOURCE
                                                            : FleetFacts.Role.REPLICA;
                                    return new FleetFacts.Host(
                                            host.name(),
                                            host.place().cluster(),
                                            role,
                                            Map.of("group", "fleet"),
                                            host.isSpare()
                                                    ? ""
                                                    : seen.getOrDefault("versionOfData", ""),
                                            host.isSpare() || isHealthy(seen));
                                })
                        .toList();
        return new FleetFacts(all);
    }

    /// For the rules about what a cluster has left.
    ///
    /// @param expectedSource the plan's, or what the switchovers since made it
    /// @param openChanges changes under way on it, by the ledger
    ClusterFacts cluster(EmbeddedCluster cluster, String expectedSource, long openChanges) {
        var seen = new ArrayList<Map<String, String>>();
        String source = "";
        long healthy = 0;
        long leases = 0;
        // replicas first: what they have must be in what the source has a moment later
        List<EmbeddedHost> order = new ArrayList<>(cluster.members());
        order.sort(
                (a, b) ->
                        Boolean.compare(
                                a.name().equals(expectedSource), b.name().equals(expectedSource)));
        MariaDbGtidState sourceState = MariaDbGtidState.EMPTY;
        String sourceVersion = "";
        for (EmbeddedHost member : order) {
            Map<String, String> facts = look(member);
            seen.add(facts);
            healthy += isHealthy(facts) ? 1 : 0;
            leases += facts.getOrDefault("lease", "unknown").equals("0") ? 0 : 1;
            if (isSource(facts)) {
                source = member.name();
                sourceVersion = facts.getOrDefault("versionOfData", "");
                sourceState = MariaDbGtidState.parse(facts.getOrDefault("gtidBinlogState", ""));
            }
        }
        long errant = 0;
        boolean versionFloorOk = !sourceVersion.isEmpty();
        for (Map<String, String> facts : seen) {
            MariaDbGtidState state =
                    MariaDbGtidState.parse(facts.getOrDefault("gtidBinlogState", ""));
            errant += state.isSubsetOf(sourceState) ? 0 : 1;
            versionFloorOk &=
                    !facts.containsKey("version")
                            || Runtime.Version.parse(facts.getOrDefault("versionOfData", "0"))
                                            .compareTo(Runtime.Version.parse(sourceVersion))
                                    >= 0;
        }
        return new ClusterFacts(
                cluster.name(),
                healthy,
                leases,
                openChanges,
                errant,
                source,
                expectedSource,
                versionFloorOk);
    }

    private Map<String, String> look(EmbeddedHost host) {
        Offer offer =
                Offer.of(
                        "look/" + LOOKS.incrementAndGet() + "/" + host.name(),
                        "",
                        "look.facts",
                        Map.of());
        return hosts.perform(host.name(), offer, DEADLINE) instanceof Outcome.Done done
                ? done.facts()
                : Map.of();
    }

    private static boolean isSource(Map<String, String> facts) {
        return "source".equals(facts.get("role")) && "0".equals(facts.get("readOnly"));
    }

    private static boolean isHealthy(Map<String, String> facts) {
        return isSource(facts) || "true".equals(facts.get("replicationHealthy"));
    }
}
