package io.backstay.guard.internal;

import io.backstay.guard.HostView;
import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Does another member of its cluster count on this host? The silence of one is a veto.
final class HostPeersProbe implements Look<HostWorld> {
    private static final Duration DEADLINE = Duration.ofSeconds(6);

    @Override
    public String name() {
        return "peers";
    }

    @Override
    public List<String> life(HostWorld world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (HostView.Peer peer : world.request().view().peers()) {
            List<SqlRow> sources =
                    WithinDeadline.await(
                            WithinDeadline.begin("peer", () -> sources(peer)),
                            DEADLINE,
                            "peer " + peer.name(),
                            "let it answer, or take it out of the cluster");
            for (SqlRow row : sources) {
                String host = row.find("Master_Host").orElse("");
                if (isHere(host, world.request().view().addresses())) {
                    life.add("%s follows this host, as %s".formatted(peer.name(), host));
                }
            }
        }
        return life;
    }

    /// By the host's configured addresses and those of its interfaces, whatever name a peer has for
    /// it.
    private static boolean isHere(String host, Set<String> addresses) throws CannotLookException {
        if (addresses.contains(host)) {
            return true;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (addresses.contains(address.getHostAddress())
                        || (!address.isLoopbackAddress()
                                && NetworkInterface.getByInetAddress(address) != null)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new CannotLookException(
                    "a peer follows %s, and whether that is this host is not known: %s"
                            .formatted(host, e.getMessage()),
                    "let this host resolve that name, or configure it as an address of the host");
        }
    }

    private static List<SqlRow> sources(HostView.Peer peer) {
        try (Server server = Server.connect(peer.address())) {
            return server.rows("SHOW ALL SLAVES STATUS");
        }
    }

    /// A peer that answers is its own control; without peers there is nothing to hear.
    @Override
    public List<String> controls(HostWorld world) throws CannotLookException {
        return List.of(
                world.request().view().peers().isEmpty()
                        ? "no peers are configured here"
                        : "each of %d peers answered"
                                .formatted(world.request().view().peers().size()));
    }

    @Override
    public String lookedAt(HostWorld world) {
        return "%d peers".formatted(world.request().view().peers().size());
    }

    @Override
    public List<String> notSeen(HostWorld world) {
        return world.request().view().peers().isEmpty()
                ? List.of("whether another host counts on this one: no peers are configured")
                : List.of();
    }
}
