package io.backstay.guard;

import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What this host's own configuration says about itself. Never taken from a request.
///
/// @param addresses IP addresses that belong to this host alone, as text; empty on a host that
///   shares all of its addresses or does not know them
/// @param server the host's own database server, by its unix socket, if one is known
/// @param cluster name of the cluster its data belongs to, empty if none
/// @param peers the other members of that cluster, never this host
/// @param survivorsMin how many peers must each hold all of this host's data before a stopped copy
///   of it may go; at least 1 where `coveredOperations` is not empty
/// @param coveredOperations operations by name that may destroy stopped data at rest when the peers
///   cover it; usually empty or `drop-set-aside`
/// @param disposable file names (not paths) that may be destroyed unseen, beside empty folders and
///   `lost+found`
/// @param stateFolder where controls are planted: outside every target, on the targets' file system
///   where possible
public record HostView(
        Set<String> addresses,
        Optional<ServerAddress> server,
        String cluster,
        List<Peer> peers,
        int survivorsMin,
        Set<String> coveredOperations,
        Set<String> disposable,
        Path stateFolder) {

    public HostView {
        addresses = Set.copyOf(addresses);
        peers = List.copyOf(peers);
        coveredOperations = Set.copyOf(coveredOperations);
        disposable = Set.copyOf(disposable);
        if (!coveredOperations.isEmpty() && (survivorsMin < 1 || cluster.isEmpty())) {
            throw new IllegalArgumentException(
                    "covered operations need a cluster and at least one survivor: "
                            + coveredOperations);
        }
    }

    /// Another member of the cluster.
    public record Peer(String name, ServerAddress address) {}

    /// A host without any configuration: nothing is known, nothing is covered.
    public static HostView unconfigured(Path stateFolder) {
        return new HostView(
                Set.of(), Optional.empty(), "", List.of(), 0, Set.of(), Set.of(), stateFolder);
    }

    public HostView withAddresses(Set<String> own) {
        return new HostView(
                own,
                server,
                cluster,
                peers,
                survivorsMin,
                coveredOperations,
                disposable,
                stateFolder);
    }

    public HostView withServer(ServerAddress own) {
        return new HostView(
                addresses,
                Optional.of(own),
                cluster,
                peers,
                survivorsMin,
                coveredOperations,
                disposable,
                stateFolder);
    }

    /// Lets stopped data go in these operations when `min` peers each hold all of it.
    public HostView withCover(
            String ofCluster, List<Peer> members, int min, Set<String> operations) {
        return new HostView(
                addresses, server, ofCluster, members, min, operations, disposable, stateFolder);
    }

    public HostView withDisposable(Set<String> names) {
        return new HostView(
                addresses,
                server,
                cluster,
                peers,
                survivorsMin,
                coveredOperations,
                names,
                stateFolder);
    }
}
