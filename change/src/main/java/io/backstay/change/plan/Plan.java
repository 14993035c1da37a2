package io.backstay.change.plan;

import io.backstay.change.ChangeDirectory;
import io.backstay.doors.Disk;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The one order in which a change goes through a fleet.
///
/// - Within a wave, the steps of one cluster stand together, one member after the other: replicas
///   first, the source last. Two clusters of a wave may go at the same time, as `acrossClusters`
///   says.
/// - The digest is SHA-256 over the change's digest and one line a step.
///
/// @param digest 64 hexadecimal digits; what approvals and evidence are bound to
/// @param selected names of all hosts, sorted
/// @param clusters names of all clusters touched, sorted
public record Plan(
        String changeId,
        String changeDigest,
        String digest,
        List<String> selected,
        List<String> clusters,
        int sources,
        int acrossClusters,
        List<PlanStep> steps) {

    /// A plan, or why there is none.
    public sealed interface Result {

        record Resolved(Plan plan) implements Result {}

        /// @param reasons whole sentences, all that were found
        record Refused(List<String> reasons) implements Result {}
    }

    /// Resolves a change against a fleet as it was seen. Pure.
    public static Result resolve(ChangeDirectory change, FleetFacts fleet) {
        return new PlanResolver(change, fleet).resolve();
    }

    static Plan of(
            ChangeDirectory change,
            List<String> hosts,
            List<String> clusters,
            int sources,
            List<PlanStep> steps) {
        String text =
                "backstay-plan-v1 %s\n".formatted(change.digest())
                        + steps.stream().map(PlanStep::digestLine).collect(Collectors.joining());
        return new Plan(
                change.change().id(),
                change.digest(),
                Disk.sha256(text.getBytes(StandardCharsets.UTF_8)),
                hosts,
                clusters,
                sources,
                change.change().order().acrossClusters(),
                steps);
    }

    /// Wave names in order.
    public List<String> waves() {
        return steps.stream().map(PlanStep::wave).distinct().toList();
    }

    public List<PlanStep> stepsOf(String wave) {
        return steps.stream().filter(s -> s.wave().equals(wave)).toList();
    }

    /// Clusters of one wave, in the order they are begun.
    public List<String> clustersOf(String wave) {
        return stepsOf(wave).stream()
                .map(PlanStep::cluster)
                .filter(c -> !c.isEmpty())
                .distinct()
                .toList();
    }

    /// Members of one cluster under way at the same time, at worst. 1 by construction; counted from
    /// the steps all the same, for the gate.
    public int membersTogetherMax() {
        int max = selected.isEmpty() ? 0 : 1;
        for (String cluster : clusters) {
            Set<String> begun = new HashSet<>();
            String current = "";
            for (PlanStep step : steps) {
                if (!step.cluster().equals(cluster)
                        || step.isAfterCluster()
                        || step.host().equals(current)) {
                    continue;
                }
                current = step.host();
                // a host that comes up again was still under way when the other one began
                max = begun.add(current) ? max : 2;
            }
        }
        return max;
    }

    /// Every step at its time limit, one after the other.
    public Duration worst() {
        return steps.stream().map(PlanStep::timeout).reduce(Duration.ZERO, Duration::plus);
    }
}
