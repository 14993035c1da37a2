package io.backstay.change.gate;

import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// All facts there are, by path, with their types. A rule that reads another one is a fault of its
/// policy.
final class FactSchema {
    private static final Map<String, FactType> TYPES =
            Map.ofEntries(
                    Map.entry("change.id", new FactType.Text()),
                    Map.entry("change.digest", new FactType.Text()),
                    Map.entry("change.type", new FactType.Text()),
                    Map.entry("change.author", new FactType.Text()),
                    Map.entry("change.editors", new FactType.Texts(false)),
                    Map.entry("change.expect.hosts", new FactType.Count()),
                    Map.entry("change.expect.clusters", new FactType.Count()),
                    Map.entry("change.expect.sources", new FactType.Count()),
                    Map.entry("change.downtimeTotal", new FactType.Span()),
                    Map.entry("change.restoreRto", new FactType.Span()),
                    Map.entry("change.minHealthyLeft", new FactType.Count()),
                    Map.entry("change.irreversibleSteps", new FactType.Texts(true)),
                    Map.entry("change.acceptedUnknowns", new FactType.Texts(true)),
                    Map.entry("plan.digest", new FactType.Text()),
                    Map.entry("plan.hosts", new FactType.Count()),
                    Map.entry("plan.clusters", new FactType.Count()),
                    Map.entry("plan.sources", new FactType.Count()),
                    Map.entry("plan.maxPerCluster", new FactType.Count()),
                    Map.entry("policy.digest", new FactType.Text()),
                    Map.entry("ev.verified", new FactType.Flag()),
                    Map.entry("ev.digest", new FactType.Text()),
                    Map.entry("ev.planDigest", new FactType.Text()),
                    Map.entry("ev.policyDigest", new FactType.Text()),
                    Map.entry("ev.result", new FactType.Text()),
                    Map.entry("ev.validUntil", new FactType.Time()),
                    Map.entry("ev.runner", new FactType.Text()),
                    Map.entry("ev.repeats", new FactType.Count()),
                    Map.entry("ev.downtimeMax", new FactType.Span()),
                    Map.entry("ev.faults", new FactType.Rows("pass")),
                    Map.entry("ev.negativeControls", new FactType.Rows("refused")),
                    Map.entry("ev.backout.executed", new FactType.Flag()),
                    Map.entry("ev.backout.dataLossRows", new FactType.Count()),
                    Map.entry("ev.backout.expires", new FactType.Time()),
                    Map.entry("ev.restore.executed", new FactType.Flag()),
                    Map.entry("ev.restore.took", new FactType.Span()),
                    Map.entry("ev.unknowns", new FactType.Texts(true)),
                    Map.entry("approvers", new FactType.Texts(true)),
                    Map.entry("actor.who", new FactType.Text()),
                    Map.entry("run.latestEnd", new FactType.Time()),
                    Map.entry("now", new FactType.Time()),
                    Map.entry("cluster.name", new FactType.Text()),
                    Map.entry("cluster.healthy", new FactType.Count()),
                    Map.entry("cluster.leases", new FactType.Count()),
                    Map.entry("cluster.openChanges", new FactType.Count()),
                    Map.entry("cluster.errantGtids", new FactType.Count()),
                    Map.entry("cluster.source", new FactType.Text()),
                    Map.entry("cluster.expectedSource", new FactType.Text()),
                    Map.entry("cluster.versionFloorOk", new FactType.Flag()));

    private FactSchema() {}

    static Optional<FactType> find(String path) {
        return Optional.ofNullable(TYPES.get(path));
    }

    static NavigableSet<String> paths() {
        return new TreeSet<>(TYPES.keySet());
    }

    /// Whether this is the first name of some path.
    static boolean isRoot(String name) {
        return TYPES.keySet().stream().anyMatch(p -> p.split("\\.", 2)[0].equals(name));
    }

    /// Facts that are told for each cluster by itself.
    static boolean isOfCluster(String path) {
        return path.startsWith("cluster.");
    }

    /// Facts no break-glass may pass over: how much is touched, and what a cluster has left.
    static boolean isNeverOpened(String path) {
        return isOfCluster(path)
                || (path.startsWith("plan.") && !path.equals("plan.digest"))
                || path.startsWith("change.expect.");
    }
}
