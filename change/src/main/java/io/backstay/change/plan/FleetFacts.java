package io.backstay.change.plan;

import io.backstay.change.StrictJson;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What was seen of a fleet at one moment, by whoever saw it.
///
/// - Host names are distinct.
/// - A spare has no cluster; every other host has one, and every cluster has exactly one source.
///
/// As JSON: `{"hosts":[{"name","cluster","role","labels":{},"version","healthy"}]}`; `cluster` and
/// `version` are empty texts for a spare.
public record FleetFacts(List<Host> hosts) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");

    public FleetFacts {
        hosts = List.copyOf(hosts);
        Set<String> names = new HashSet<>();
        Map<String, Integer> sources = new TreeMap<>();
        for (Host host : hosts) {
            require(
                    NAME.matcher(host.name()).matches(),
                    "a host is called `%s`".formatted(host.name()));
            require(names.add(host.name()), "the host %s is there twice".formatted(host.name()));
            require(
                    (host.role() == Role.SPARE) == host.cluster().isEmpty(),
                    "the host %s is a %s of cluster `%s`"
                            .formatted(host.name(), host.role().word(), host.cluster()));
            if (host.role() != Role.SPARE) {
                require(
                        NAME.matcher(host.cluster()).matches(),
                        "a cluster is called `%s`".formatted(host.cluster()));
                sources.merge(host.cluster(), host.role() == Role.SOURCE ? 1 : 0, Integer::sum);
            }
        }
        sources.forEach(
                (cluster, count) ->
                        require(
                                count == 1,
                                "expected one source of cluster %s, found %d"
                                        .formatted(cluster, count)));
    }

    /// @param cluster empty for a spare
    /// @param labels the owner's own; `role`, `cluster` and `host` are what was seen and can't be
    ///   labels
    /// @param version of the server, such as 10.11.5; empty if there is none
    /// @param healthy seen to serve and, for a replica, to apply
    public record Host(
            String name,
            String cluster,
            Role role,
            Map<String, String> labels,
            String version,
            boolean healthy) {
        public Host {
            labels = Map.copyOf(labels);
            for (String seen : List.of("role", "cluster", "host")) {
                require(
                        !labels.containsKey(seen),
                        "the host %s has a label `%s`, which is seen, not labelled"
                                .formatted(name, seen));
            }
        }

        /// Labels with what was seen: `role`, `host`, and `cluster` if it has one.
        public Map<String, String> selectable() {
            Map<String, String> all = new HashMap<>(labels);
            all.put("role", role.word());
            all.put("host", name);
            if (!cluster.isEmpty()) {
                all.put("cluster", cluster);
            }
            return Map.copyOf(all);
        }
    }

    public enum Role {
        SOURCE,
        REPLICA,
        SPARE;

        public String word() {
            return switch (this) {
                case SOURCE -> "source";
                case REPLICA -> "replica";
                case SPARE -> "spare";
            };
        }

        @com.fasterxml.jackson.annotation.JsonCreator
        static Role ofWord(String word) {
            for (Role role : values()) {
                if (role.word().equals(word)) {
                    return role;
                }
            }
            throw bad("expected source, replica or spare, found `%s`".formatted(word));
        }

        @com.fasterxml.jackson.annotation.JsonValue
        String json() {
            return word();
        }
    }

    public static FleetFacts parse(String json) {
        return StrictJson.read("fleet facts", json, FleetFacts.class);
    }

    public String json() {
        return StrictJson.write(this);
    }

    public Optional<Host> findHost(String name) {
        return hosts.stream().filter(h -> h.name().equals(name)).findFirst();
    }

    public List<Host> members(String cluster) {
        return hosts.stream().filter(h -> h.cluster().equals(cluster)).toList();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw bad(what);
        }
    }

    private static Problem bad(String what) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "cannot use these fleet facts: " + what,
                "Look at the fleet again; a plan is only as good as its facts.");
    }
}
