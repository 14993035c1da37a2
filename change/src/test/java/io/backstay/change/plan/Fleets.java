package io.backstay.change.plan;

import io.backstay.change.plan.FleetFacts.Host;
import io.backstay.change.plan.FleetFacts.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Fleets as the drill has them.
public final class Fleets {
    private Fleets() {}

    /// Clusters c1, c2, … of source s and replicas r1, r2, and spares x1, x2, ….
    public static FleetFacts of(int clusters, int spares) {
        List<Host> hosts = new ArrayList<>();
        for (int c = 1; c <= clusters; c++) {
            hosts.add(host("c%d-s".formatted(c), "c" + c, Role.SOURCE));
            hosts.add(host("c%d-r1".formatted(c), "c" + c, Role.REPLICA));
            hosts.add(host("c%d-r2".formatted(c), "c" + c, Role.REPLICA));
        }
        for (int s = 1; s <= spares; s++) {
            hosts.add(host("x" + s, "", Role.SPARE));
        }
        return new FleetFacts(hosts);
    }

    static Host host(String name, String cluster, Role role) {
        return new Host(
                name,
                cluster,
                role,
                Map.of("group", "fleet"),
                role == Role.SPARE ? "" : "10.11.5",
                true);
    }
}
