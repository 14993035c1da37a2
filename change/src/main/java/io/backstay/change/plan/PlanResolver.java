package io.backstay.change.plan;

import io.backstay.change.Change;
import io.backstay.change.ChangeDirectory;
import io.backstay.change.Step;
import io.backstay.change.Targets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Finds the hosts, holds their number against what was expected, and puts them in order.
final class PlanResolver {
    private final ChangeDirectory directory;
    private final Change change;
    private final FleetFacts fleet;
    private final List<String> reasons = new ArrayList<>();
    private final List<PlanStep> steps = new ArrayList<>();

    PlanResolver(ChangeDirectory directory, FleetFacts fleet) {
        this.directory = directory;
        this.change = directory.change();
        this.fleet = fleet;
    }

    Plan.Result resolve() {
        List<FleetFacts.Host> selected =
                fleet.hosts().stream()
                        .filter(h -> change.targets().selects(h.name(), h.selectable()))
                        .sorted(Comparator.comparing(FleetFacts.Host::name))
                        .toList();
        Map<String, List<FleetFacts.Host>> byCluster =
                selected.stream()
                        .filter(h -> h.role() != FleetFacts.Role.SPARE)
                        .collect(
                                Collectors.groupingBy(
                                        FleetFacts.Host::cluster,
                                        TreeMap::new,
                                        Collectors.toList()));
        int sources =
                (int) selected.stream().filter(h -> h.role() == FleetFacts.Role.SOURCE).count();
        requireExclusionsExist();
        requireExpected(selected.size(), byCluster.size(), sources);
        byCluster.forEach(this::requireSurvivors);
        if (reasons.isEmpty()) {
            layOut(selected, byCluster);
        }
        return reasons.isEmpty()
                ? new Plan.Result.Resolved(
                        Plan.of(
                                directory,
                                selected.stream().map(FleetFacts.Host::name).toList(),
                                List.copyOf(byCluster.keySet()),
                                sources,
                                List.copyOf(steps)))
                : new Plan.Result.Refused(List.copyOf(reasons));
    }

    /// An exclusion that excludes nothing is a name that was misspelt.
    private void requireExclusionsExist() {
        change.targets().excludedHosts().stream()
                .sorted()
                .filter(name -> fleet.findHost(name).isEmpty())
                .forEach(
                        name ->
                                reasons.add(
                                        "exclude.hosts names %s, which is not in the fleet"
                                                .formatted(name)));
    }

    private void requireExpected(int hosts, int clusters, int sources) {
        Targets.Expect expect = change.targets().expect();
        requireEqual("hosts", expect.hosts(), hosts);
        requireEqual("clusters", expect.clusters(), clusters);
        requireEqual("sources", expect.sources(), sources);
        if (hosts == 0) {
            reasons.add("the selection is empty");
        }
    }

    private void requireEqual(String what, int expected, int found) {
        if (expected != found) {
            reasons.add("expect.%s %d != %d selected".formatted(what, expected, found));
        }
    }

    /// While any one member is worked on, enough others must be healthy.
    private void requireSurvivors(String cluster, List<FleetFacts.Host> selected) {
        int needed = change.preconditions().minHealthyMembersLeft();
        for (FleetFacts.Host host : selected) {
            List<FleetFacts.Host> others =
                    fleet.members(cluster).stream().filter(h -> !h.equals(host)).toList();
            long healthy = others.stream().filter(FleetFacts.Host::healthy).count();
            if (healthy < needed) {
                reasons.add(
                        "%s: taking %s would leave %d healthy members, minHealthyMembersLeft is %d%s"
                                .formatted(
                                        cluster,
                                        host.name(),
                                        healthy,
                                        needed,
                                        others.stream()
                                                .filter(h -> !h.healthy())
                                                .map(FleetFacts.Host::name)
                                                .collect(
                                                        Collectors.joining(
                                                                ", ", " (not healthy: ", ")"))
                                                .replace(" (not healthy: )", "")));
                return;
            }
        }
    }

    private void layOut(
            List<FleetFacts.Host> selected, Map<String, List<FleetFacts.Host>> byCluster) {
        Deque<String> clustersLeft = new ArrayDeque<>(byCluster.keySet());
        Deque<FleetFacts.Host> sparesLeft =
                selected.stream()
                        .filter(h -> h.role() == FleetFacts.Role.SPARE)
                        .collect(Collectors.toCollection(ArrayDeque::new));
        for (Change.Wave wave : change.waves()) {
            for (String cluster : take(wave.name() + ".clusters", wave.clusters(), clustersLeft)) {
                addCluster(wave.name(), byCluster.getOrDefault(cluster, List.of()));
            }
            for (FleetFacts.Host spare : take(wave.name() + ".spares", wave.spares(), sparesLeft)) {
                addMember(wave.name(), spare);
                addDone(wave.name(), List.of(spare));
            }
        }
        if (!clustersLeft.isEmpty() || !sparesLeft.isEmpty()) {
            reasons.add(
                    "the waves leave out clusters %s, spares %s"
                            .formatted(
                                    clustersLeft,
                                    sparesLeft.stream().map(FleetFacts.Host::name).toList()));
        }
        if (steps.isEmpty()) {
            reasons.add("no step applies to any selected host");
        }
    }

    private <T> List<T> take(String what, Change.Amount amount, Deque<T> left) {
        int number =
                switch (amount) {
                    case Change.Amount.Rest() -> left.size();
                    case Change.Amount.Exactly(int exactly) -> exactly;
                };
        if (number > left.size()) {
            reasons.add("wave %s asks for %d, %d are left".formatted(what, number, left.size()));
            return List.of();
        }
        List<T> taken = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            taken.add(left.removeFirst());
        }
        return taken;
    }

    /// Replicas by name, then the source.
    private void addCluster(String wave, List<FleetFacts.Host> members) {
        List<FleetFacts.Host> ordered =
                members.stream()
                        .sorted(
                                Comparator.comparing(
                                                (FleetFacts.Host h) ->
                                                        h.role() == FleetFacts.Role.SOURCE)
                                        .thenComparing(FleetFacts.Host::name))
                        .toList();
        ordered.forEach(host -> addMember(wave, host));
        addDone(wave, ordered);
    }

    private void addMember(String wave, FleetFacts.Host host) {
        for (Step step : change.steps()) {
            boolean applies =
                    switch (step.when()) {
                        case ALWAYS -> true;
                        case SOURCE -> host.role() == FleetFacts.Role.SOURCE;
                        case CLUSTER_DONE -> false;
                    };
            if (applies) {
                add(wave, host, step);
            }
        }
    }

    private void addDone(String wave, List<FleetFacts.Host> hosts) {
        for (FleetFacts.Host host : hosts) {
            change.steps().stream()
                    .filter(s -> s.when() == Step.When.CLUSTER_DONE)
                    .forEach(step -> add(wave, host, step));
        }
    }

    private void add(String wave, FleetFacts.Host host, Step step) {
        steps.add(
                new PlanStep(
                        steps.size() + 1,
                        wave,
                        host.name(),
                        host.cluster(),
                        host.role(),
                        step.id(),
                        step.use().word(),
                        step.isDestructive(),
                        step.when() == Step.When.CLUSTER_DONE,
                        step.undo(),
                        step.timeout()));
    }
}
