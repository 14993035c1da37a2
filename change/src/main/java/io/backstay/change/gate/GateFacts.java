package io.backstay.change.gate;

import io.backstay.change.Change;
import io.backstay.change.ChangeDirectory;
import io.backstay.change.StrictJson;
import io.backstay.change.evidence.Approvals;
import io.backstay.change.evidence.Evidence;
import io.backstay.change.evidence.Statement;
import io.backstay.change.plan.Plan;
import io.backstay.doors.Disk;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything the rules may look at, by path, such as `ev.backout.executed`.
///
/// @param byPath facts of the change, plan, evidence and people; times and durations are
///   milliseconds
/// @param byCluster for each cluster its own facts, by path
/// @param clusters that must have facts: those of the plan, or of the wave that is to begin
/// @param notes why evidence or an approval does not count, for people
public record GateFacts(
        SortedMap<String, Object> byPath,
        SortedMap<String, SortedMap<String, Object>> byCluster,
        SortedSet<String> clusters,
        List<String> notes) {

    /// What the facts are taken from.
    ///
    /// @param evidence exactly one; what was rejected gives no facts but `ev.verified` false
    /// @param actor who carries the change out
    /// @param wave the wave to begin; empty for the whole change
    /// @param latestEnd the latest time the rollout may still be going on
    public record Input(
            ChangeDirectory change,
            Plan plan,
            String policyDigest,
            Statement.Reading<Evidence> evidence,
            Approvals approvals,
            String actor,
            Optional<String> wave,
            Instant now,
            Instant latestEnd,
            List<ClusterFacts> clusters) {}

    public static GateFacts of(Input input) {
        SortedMap<String, Object> facts = new TreeMap<>();
        putChange(facts, input.change());
        Plan plan = input.plan();
        facts.put("plan.digest", plan.digest());
        facts.put("plan.hosts", (long) plan.selected().size());
        facts.put("plan.clusters", (long) plan.clusters().size());
        facts.put("plan.sources", (long) plan.sources());
        facts.put("plan.maxPerCluster", (long) plan.membersTogetherMax());
        facts.put("policy.digest", input.policyDigest());
        facts.put("approvers", input.approvals().granted().stream().sorted().toList());
        facts.put("actor.who", input.actor());
        facts.put("run.latestEnd", input.latestEnd().toEpochMilli());
        facts.put("now", input.now().toEpochMilli());
        var notes = new java.util.ArrayList<>(input.approvals().setAside());
        input.approvals().denied().forEach(who -> notes.add("%s denied it".formatted(who)));
        switch (input.evidence()) {
            case Statement.Reading.Believed<Evidence>(var statement, _, _) ->
                    putEvidence(facts, statement);
            case Statement.Reading.Rejected<Evidence>(String reason) -> {
                facts.put("ev.verified", false);
                notes.add("evidence: " + reason);
            }
        }
        SortedMap<String, SortedMap<String, Object>> clusters = new TreeMap<>();
        input.clusters().forEach(cluster -> clusters.put(cluster.name(), ofCluster(cluster)));
        return new GateFacts(
                facts,
                clusters,
                new TreeSet<>(input.wave().map(plan::clustersOf).orElse(plan.clusters())),
                List.copyOf(notes));
    }

    /// SHA-256 over all facts: a verdict names it, so that it can be given again.
    public String digest() {
        return Disk.sha256(
                StrictJson.write(Map.of("facts", byPath, "clusters", byCluster))
                        .getBytes(StandardCharsets.UTF_8));
    }

    /// All facts, and those of one cluster.
    Map<String, Object> of(String cluster) {
        Map<String, Object> facts = new HashMap<>(byPath);
        facts.putAll(byCluster.getOrDefault(cluster, new TreeMap<>()));
        return facts;
    }

    private static void putChange(SortedMap<String, Object> facts, ChangeDirectory directory) {
        Change change = directory.change();
        facts.put("change.id", change.id());
        facts.put("change.digest", directory.digest());
        facts.put("change.type", change.type().name().toLowerCase(Locale.ROOT));
        facts.put("change.author", change.metadata().author());
        facts.put("change.editors", sorted(change.metadata().editors()));
        facts.put("change.expect.hosts", (long) change.targets().expect().hosts());
        facts.put("change.expect.clusters", (long) change.targets().expect().clusters());
        facts.put("change.expect.sources", (long) change.targets().expect().sources());
        facts.put("change.downtimeTotal", change.downtime().total().toMillis());
        facts.put("change.restoreRto", change.restore().rto().toMillis());
        facts.put("change.minHealthyLeft", (long) change.preconditions().minHealthyMembersLeft());
        facts.put("change.irreversibleSteps", change.irreversibleSteps());
        facts.put("change.acceptedUnknowns", change.rehearsal().acceptUnknowns());
    }

    private static void putEvidence(
            SortedMap<String, Object> facts, Statement<Evidence> statement) {
        Evidence evidence = statement.predicate();
        facts.put("ev.verified", true);
        facts.put("ev.digest", statement.subjects().change());
        facts.put("ev.planDigest", statement.subjects().plan());
        facts.put("ev.policyDigest", statement.subjects().policy());
        facts.put("ev.result", evidence.result().name());
        facts.put("ev.validUntil", evidence.validUntil().toEpochMilli());
        facts.put("ev.runner", evidence.runner());
        facts.put("ev.repeats", (long) evidence.repeats());
        facts.put("ev.downtimeMax", evidence.downtimeMillisMax());
        facts.put(
                "ev.faults",
                evidence.faults().stream()
                        .map(f -> Map.of("id", f.id(), "pass", f.pass()))
                        .toList());
        facts.put(
                "ev.negativeControls",
                evidence.negativeControls().stream()
                        .map(n -> Map.of("id", n.id(), "refused", n.refused()))
                        .toList());
        facts.put("ev.backout.executed", evidence.backout().executed());
        facts.put("ev.backout.dataLossRows", evidence.backout().dataLossRows());
        facts.put("ev.backout.expires", evidence.backout().expires().toEpochMilli());
        facts.put("ev.restore.executed", evidence.restore().executed());
        facts.put("ev.restore.took", evidence.restore().took().toMillis());
        facts.put("ev.unknowns", evidence.unknowns());
    }

    private static SortedMap<String, Object> ofCluster(ClusterFacts cluster) {
        return new TreeMap<>(
                Map.of(
                        "cluster.name", cluster.name(),
                        "cluster.healthy", cluster.healthy(),
                        "cluster.leases", cluster.leases(),
                        "cluster.openChanges", cluster.openChanges(),
                        "cluster.errantGtids", cluster.errantGtids(),
                        "cluster.source", cluster.source(),
                        "cluster.expectedSource", cluster.expectedSource(),
                        "cluster.versionFloorOk", cluster.versionFloorOk()));
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
