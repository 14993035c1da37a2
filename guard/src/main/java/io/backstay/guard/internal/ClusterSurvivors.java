package io.backstay.guard.internal;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.HostView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The other members of a cluster, leased for as long as one of them counts on the rest: while that
/// one is fenced, watched and stopped.
///
/// Used by one thread. What cannot be seen of them is a reason against, as everywhere.
public final class ClusterSurvivors implements AutoCloseable {
    private final HostView view;
    private final SurvivorLeases leases;

    private ClusterSurvivors(HostView view, SurvivorLeases leases) {
        this.view = view;
        this.leases = leases;
    }

    /// @throws Problem if one of them does not answer or is leased by another
    public static ClusterSurvivors lease(HostView view) {
        try {
            return new ClusterSurvivors(view, SurvivorLeases.take(view));
        } catch (CannotLookException e) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "the survivors of cluster %s could not be leased: %s"
                            .formatted(view.cluster(), e.getMessage()),
                    e.remedy() + ".");
        }
    }

    /// Name of the lock that a lease is, on each member.
    public static String leaseName(String cluster) {
        return SurvivorLeases.name(cluster);
    }

    /// Who they are, by name: to be given to [#against] later.
    ///
    /// @throws Problem if one does not answer
    public Map<String, String> identities() {
        try {
            var identities = new TreeMap<String, String>();
            read().forEach(survivor -> identities.put(survivor.name(), survivor.identity()));
            return identities;
        } catch (CannotLookException e) {
            throw new Problem(ErrorCode.REFUSED, String.valueOf(e.getMessage()), e.remedy() + ".");
        }
    }

    /// Their server ids.
    ///
    /// @return empty if one did not answer
    public Set<Long> serverIds() {
        try {
            return Set.copyOf(read().stream().map(Survivor::serverId).toList());
        } catch (CannotLookException e) {
            return Set.of(); // nobody is known to be among them
        }
    }

    /// Why they do not each hold all of this, or could not go on alone; a sentence each.
    ///
    /// @param end `gtid_binlog_state` of the server that is to go
    /// @param tables its user tables, `schema.table`
    /// @param noted identities as they were; empty if none were noted yet
    public List<String> against(
            MariaDbGtidState end, Set<String> tables, long ownServerId, Map<String, String> noted) {
        try {
            List<String> unfit = Survivor.against(read(), ownServerId, noted);
            if (!unfit.isEmpty()) {
                return unfit; // one that follows this server could not be judged below
            }
            List<PeerView> peers = PeerRound.ask(view, List.of());
            var against = new ArrayList<>(Coverage.notDistinct(peers));
            for (PeerView peer : peers) {
                against.addAll(Coverage.against(peer, end, tables, PeerRound.source(peer, peers)));
            }
            if (!leases.areHeld()) {
                against.add("the leases on the survivors were lost");
            }
            return against;
        } catch (CannotLookException e) {
            return List.of(e.getMessage() + "; to see: " + e.remedy());
        }
    }

    private List<Survivor> read() throws CannotLookException {
        return List.copyOf(
                PeerRound.askEach(
                                view.peers(), (peer, server) -> Survivor.read(peer.name(), server))
                        .values());
    }

    @Override
    public void close() {
        leases.close();
    }
}
