package io.backstay.guard.internal;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.guard.HostView;
import io.backstay.mysql.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Do enough peers, each by itself, hold all that lies here, as of now? The silence of one is a
/// veto.
final class PeersProbe implements Probe {
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(6);
    private static final Duration CATCH_UP_DEADLINE = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "peers";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        if (place.tree().files().isEmpty()) {
            return List.of();
        }
        HostView view = world.request().view();
        StoppedServer server = StoppedServer.read(place.tree());
        MariaDbGtidState end =
                server.end()
                        .orElseThrow(
                                () ->
                                        new CannotLookException(
                                                "what was executed here is not known",
                                                "stop the server cleanly"));
        List<PeerView> own = ownServer(view, place);
        List<PeerView> peers = ask(view, world, own);
        var sources = new ArrayList<>(peers);
        sources.addAll(own);
        var against = new ArrayList<>(Coverage.notDistinct(peers));
        for (PeerView peer : peers) {
            against.addAll(Coverage.against(peer, end, server.tables(), source(peer, sources)));
            against.addAll(foreignLease(peer, world));
            if (isHere(peer, place)) {
                against.add(peer.name() + " is the very server that lies here");
            }
        }
        if (peers.size() < view.survivorsMin()) {
            against.add(
                    "%d survivors are needed, %d are known"
                            .formatted(view.survivorsMin(), peers.size()));
        }
        return against;
    }

    /// Asks all at once; a replica that has not reached what its source had is asked again until a
    /// deadline.
    private static List<PeerView> ask(HostView view, World world, List<PeerView> own)
            throws CannotLookException {
        Map<String, PeerView> views = askAll(view, view.peers());
        long until = System.nanoTime() + CATCH_UP_DEADLINE.toNanos();
        while (System.nanoTime() < until) {
            var behind = new ArrayList<HostView.Peer>();
            for (HostView.Peer peer : view.peers()) {
                PeerView seen = world.require(views.get(peer.name()), peer.name());
                var sources = new ArrayList<>(views.values());
                sources.addAll(own);
                MariaDbGtidState source = source(seen, sources);
                if (source != null && !source.isSubsetOf(seen.state())) {
                    behind.add(peer);
                }
            }
            if (behind.isEmpty()) {
                break;
            }
            // only the replica is read anew: its source's earlier state is the mark it must reach
            views.putAll(askAll(view, behind));
        }
        return List.copyOf(views.values());
    }

    /// This host's own server where it runs on other data than the target: never a survivor, but
    /// the peers may follow it. Read before the peers, as its state is the mark they must reach.
    private static List<PeerView> ownServer(HostView view, Place place) throws CannotLookException {
        if (view.server().isEmpty()
                || view.server().get().socket().filter(Files::exists).isEmpty()) {
            return List.of();
        }
        PeerView own =
                WithinDeadline.await(
                        WithinDeadline.begin(
                                "ask-own",
                                () -> {
                                    try (Server server = Server.connect(view.server().get())) {
                                        return PeerView.read(
                                                "this host's own server",
                                                server,
                                                SurvivorLeases.name(view.cluster()));
                                    }
                                }),
                        ANSWER_DEADLINE,
                        "this host's own server",
                        "stop it cleanly, or bring it back");
        return isHere(own, place) ? List.of() : List.of(own);
    }

    private static Map<String, PeerView> askAll(HostView view, List<HostView.Peer> peers)
            throws CannotLookException {
        var asked = new LinkedHashMap<String, CompletableFuture<PeerView>>();
        for (HostView.Peer peer : peers) {
            asked.put(
                    peer.name(),
                    WithinDeadline.begin(
                            "ask-" + peer.name(),
                            () -> {
                                try (Server server = Server.connect(peer.address())) {
                                    return PeerView.read(
                                            peer.name(),
                                            server,
                                            SurvivorLeases.name(view.cluster()));
                                }
                            }));
        }
        var views = new LinkedHashMap<String, PeerView>();
        for (Map.Entry<String, CompletableFuture<PeerView>> one : asked.entrySet()) {
            views.put(
                    one.getKey(),
                    WithinDeadline.await(
                            one.getValue(),
                            ANSWER_DEADLINE,
                            "peer " + one.getKey(),
                            "bring that peer back; its silence is a veto"));
        }
        return views;
    }

    private static @org.jspecify.annotations.Nullable MariaDbGtidState source(
            PeerView peer, List<PeerView> peers) throws CannotLookException {
        if (peer.sourceServerId().isEmpty()) {
            return null;
        }
        long id = peer.sourceServerId().get();
        Optional<PeerView> source = peers.stream().filter(p -> p.serverId() == id).findFirst();
        return source.orElseThrow(
                        () ->
                                new CannotLookException(
                                        "%s follows server id %d, which is not among the peers, so its lag is unknown"
                                                .formatted(peer.name(), id),
                                        "name all members of the cluster in this host's configuration"))
                .state();
    }

    private static List<String> foreignLease(PeerView peer, World world) {
        return peer
                .leaseHolder()
                .filter(holder -> !holder.equals(world.leases().get(peer.name())))
                .map(
                        holder ->
                                peer.name()
                                        + " is leased by another change (connection "
                                        + holder
                                        + ")")
                .stream()
                .toList();
    }

    /// On one machine a peer's data directory can be looked up.
    private static boolean isHere(PeerView peer, Place place) throws CannotLookException {
        Path folder = Path.of(peer.dataDirectory());
        try {
            return Files.exists(folder) && place.tree().keys().contains(FileKey.of(folder));
        } catch (IOException e) {
            throw new CannotLookException(
                    "the data directory of " + peer.name() + " cannot be told apart",
                    "run as root");
        }
    }

    /// The judgement must fail a peer that lacks one transaction, one that lags, and one that lacks
    /// a table.
    @Override
    public List<String> controls(World world) throws CannotLookException {
        var here = MariaDbGtidState.of(List.of(new MariaDbGtid(0, 1, 7)));
        var ahead = MariaDbGtidState.of(List.of(new MariaDbGtid(0, 1, 8)));
        var peer =
                new PeerView(
                        "control",
                        1,
                        "",
                        here,
                        Set.of("shop.orders"),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty());
        boolean works =
                Coverage.against(peer, here, Set.of("shop.orders"), null).isEmpty()
                        && !Coverage.against(peer, ahead, Set.of(), null).isEmpty()
                        && !Coverage.against(peer, here, Set.of(), ahead).isEmpty()
                        && !Coverage.against(peer, here, Set.of("shop.lines"), null).isEmpty();
        if (!works) {
            throw failed("accepted a peer that lacks data");
        }
        return List.of(
                "each peer's account saw the system tables",
                "refused a prepared peer that lacks a transaction, lags, or lacks a table",
                "accepted a prepared peer that has all");
    }

    @Override
    public String lookedAt(World world) {
        return "peers "
                + String.join(
                        ", ",
                        world.request().view().peers().stream().map(HostView.Peer::name).toList());
    }

    @Override
    public List<String> notSeen(World world) {
        return List.of("rows that differ between members at equal GTIDs");
    }
}
