package io.backstay.guard.internal;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.guard.HostView;
import io.backstay.mysql.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Do enough peers, each by itself, hold all that lies here, as of now? The silence of one is a
/// veto.
final class PeersProbe implements Probe {
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
        List<PeerView> peers = PeerRound.ask(view, own);
        var sources = new ArrayList<>(peers);
        sources.addAll(own);
        var against = new ArrayList<>(Coverage.notDistinct(peers));
        for (PeerView peer : peers) {
            against.addAll(
                    Coverage.against(peer, end, server.tables(), PeerRound.source(peer, sources)));
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
                        PeerRound.ANSWER_DEADLINE,
                        "this host's own server",
                        "stop it cleanly, or bring it back");
        return isHere(own, place) ? List.of() : List.of(own);
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
