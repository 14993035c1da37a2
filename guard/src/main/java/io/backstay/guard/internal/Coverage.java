package io.backstay.guard.internal;

import io.backstay.binlog.MariaDbGtidState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Does one peer, by itself, hold all of a stopped server? Pure.
///
/// A MariaDB state keeps the last sequence number of each domain and server; that inclusion of
/// states is inclusion of transactions follows only under strict mode, with the replica's own log,
/// without filters. Whatever of that is missing is a reason against.
final class Coverage {
    private Coverage() {}

    /// @param source state of the peer's source, read before the peer's own; null if it follows
    ///   none
    /// @return sentences against it; empty if it covers
    static List<String> against(
            PeerView peer,
            MariaDbGtidState end,
            Set<String> tables,
            @org.jspecify.annotations.Nullable MariaDbGtidState source) {
        var against = new ArrayList<String>();
        peer.settings().forEach(setting -> against.add(peer.name() + ": " + setting));
        peer.replication().forEach(fault -> against.add(peer.name() + ": " + fault));
        if (!end.isSubsetOf(peer.state())) {
            against.add(
                    "%s lacks transactions: it has %s, here are %s"
                            .formatted(peer.name(), peer.state(), end));
        }
        if (source != null && !source.isSubsetOf(peer.state())) {
            against.add(
                    "%s lags behind its source: it has %s, the source %s"
                            .formatted(peer.name(), peer.state(), source));
        }
        var missing = new TreeSet<>(tables);
        missing.removeAll(peer.tables());
        if (!missing.isEmpty()) {
            against.add("%s lacks tables: %s".formatted(peer.name(), missing));
        }
        return against;
    }

    /// Sentences about peers that are the same server, or the one that is to be destroyed.
    static List<String> notDistinct(List<PeerView> peers) {
        var seen = new HashSet<Long>();
        var against = new ArrayList<String>();
        for (PeerView peer : peers) {
            if (!seen.add(peer.serverId())) {
                against.add(
                        "%s has the server id %d of another peer"
                                .formatted(peer.name(), peer.serverId()));
            }
        }
        return against;
    }
}
