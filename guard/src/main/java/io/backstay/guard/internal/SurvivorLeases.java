package io.backstay.guard.internal;

import io.backstay.doors.Problem;
import io.backstay.guard.HostView;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A lock on each survivor that is counted, held in open sessions: `GET_LOCK('backstay/CLUSTER')`.
///
/// Two members of one cluster that ask at the same moment count each other's survivor; the lease
/// lets one of them have it. Taken in the order of server ids, all or none, never waited for. A
/// session that ends loses its lease, and that is seen.
public final class SurvivorLeases implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(6);

    private record Lease(String peer, Server session, long connection) {}

    private final String name;
    private final List<Lease> leases = new ArrayList<>();

    private SurvivorLeases(String name) {
        this.name = name;
    }

    static String name(String cluster) {
        return "backstay/" + cluster;
    }

    /// @throws CannotLookException if one could not be had; then none is held
    static SurvivorLeases take(HostView view) throws CannotLookException {
        var leases = new SurvivorLeases(name(view.cluster()));
        boolean complete = false;
        try {
            var sessions = new ArrayList<Map.Entry<Long, Lease>>();
            for (HostView.Peer peer : view.peers()) {
                sessions.add(session(peer));
            }
            sessions.sort(Comparator.comparingLong(Map.Entry::getKey));
            sessions.forEach(session -> leases.leases.add(session.getValue()));
            for (Lease lease : leases.leases) {
                String got =
                        within(lease, "SELECT GET_LOCK(" + Identifier.text(leases.name) + ", 0)");
                if (!got.equals("1")) {
                    throw new CannotLookException(
                            lease.peer() + " is leased by another change",
                            "wait until that change has ended");
                }
            }
            complete = true;
            return leases;
        } finally {
            if (!complete) {
                leases.close();
            }
        }
    }

    private static Map.Entry<Long, Lease> session(HostView.Peer peer) throws CannotLookException {
        return WithinDeadline.await(
                WithinDeadline.begin(
                        "lease-" + peer.name(),
                        () -> {
                            Server server = Server.connect(peer.address());
                            long id = Long.parseLong(server.requireValue("SELECT @@server_id"));
                            long connection =
                                    Long.parseLong(server.requireValue("SELECT CONNECTION_ID()"));
                            return Map.entry(id, new Lease(peer.name(), server, connection));
                        }),
                DEADLINE,
                "peer " + peer.name(),
                "bring that peer back");
    }

    private static String within(Lease lease, String sql) throws CannotLookException {
        return WithinDeadline.await(
                WithinDeadline.begin(
                        "lease-" + lease.peer(), () -> lease.session().findValue(sql).orElse("")),
                DEADLINE,
                "peer " + lease.peer(),
                "bring that peer back");
    }

    /// Connection that holds the lease, by peer.
    Map<String, Long> connections() {
        var connections = new HashMap<String, Long>();
        leases.forEach(lease -> connections.put(lease.peer(), lease.connection()));
        return connections;
    }

    /// Asks each survivor, in the session that holds it.
    public boolean areHeld() {
        for (Lease lease : leases) {
            try {
                String held =
                        within(
                                lease,
                                "SELECT IS_USED_LOCK(%s) = CONNECTION_ID()"
                                        .formatted(Identifier.text(name)));
                if (!held.equals("1")) {
                    return false;
                }
            } catch (CannotLookException e) {
                return false; // not known to be held is not held
            }
        }
        return true;
    }

    @Override
    public void close() {
        leases.forEach(SurvivorLeases::end);
        leases.clear();
    }

    /// Ends a session that hangs as well.
    ///
    /// @return false if it was gone already, and its lease with it
    private static boolean end(Lease lease) {
        try {
            lease.session().abort();
            return true;
        } catch (Problem e) {
            return false;
        }
    }
}
