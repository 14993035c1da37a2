package io.backstay.guard.retire;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.guard.internal.ClusterSurvivors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What speaks against a retirement at each of its looks, a sentence each; empty lets it go on.
record Grounds(String cluster, BackupProof backup) {

    /// While nothing has been changed.
    List<String> beforeAnything(OwnServer own, ClusterSurvivors survivors) {
        if (!own.hasBinlog()) {
            return List.of("it writes no binary log, so what was executed here is not known");
        }
        var reasons = new ArrayList<String>();
        List<Long> sources =
                own.sources().stream()
                        .map(row -> Long.parseLong(row.require("Master_Server_Id")))
                        .toList();
        if (sources.isEmpty() && !own.isReadOnly()) {
            reasons.add("it is a source that takes writes: move the source to a peer first");
        }
        Set<Long> known = survivors.serverIds();
        sources.stream()
                .filter(id -> !known.contains(id))
                .forEach(
                        id ->
                                reasons.add(
                                        "it follows server id %d, which is not among the peers"
                                                .formatted(id)));
        own.readers().forEach(reader -> reasons.add("somebody counts on its log: " + reader));
        reasons.addAll(leased(own));
        MariaDbGtidState end = own.state();
        reasons.addAll(survivors.against(end, own.tables(), own.serverId(), Map.of()));
        reasons.addAll(backup.against(end));
        return reasons;
    }

    /// After the watch, right before it is stopped.
    ///
    /// @param end of its log when it was fenced
    List<String> fenced(
            OwnServer own, MariaDbGtidState end, Before before, ClusterSurvivors survivors) {
        var reasons = new ArrayList<String>();
        reasons.addAll(survivors.against(end, own.tables(), before.serverId(), before.survivors()));
        reasons.addAll(backup.against(end));
        reasons.addAll(leased(own));
        MariaDbGtidState now = own.state();
        if (!now.equals(end)) {
            reasons.add(
                    "it was written to although it is fenced: its log ended at %s, and now at %s"
                            .formatted(end, now));
        }
        return reasons;
    }

    /// The tables are the guard's to compare, from the files.
    List<String> stopped(MariaDbGtidState end, Before before, ClusterSurvivors survivors) {
        var reasons =
                new ArrayList<>(
                        survivors.against(end, Set.of(), before.serverId(), before.survivors()));
        reasons.addAll(backup.against(end));
        return reasons;
    }

    private List<String> leased(OwnServer own) {
        return own
                .leaseHolder(cluster)
                .map(
                        holder ->
                                "another member's guard counts on this one (connection %s)"
                                        .formatted(holder))
                .stream()
                .toList();
    }
}
