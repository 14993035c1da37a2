package io.backstay.guard.internal;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.guard.HostView;
import io.backstay.mysql.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// All peers asked at once, each by a deadline: the silence of one is a veto.
final class PeerRound {
    static final Duration ANSWER_DEADLINE = Duration.ofSeconds(6);
    private static final Duration CATCH_UP_DEADLINE = Duration.ofSeconds(3);

    private PeerRound() {}

    /// What is asked of one peer, in a session of its own.
    @FunctionalInterface
    interface Question<T> {
        T ask(HostView.Peer peer, Server server) throws CannotLookException;
    }

    /// A replica that has not reached what its source had is asked again until a deadline.
    ///
    /// @param own servers that are no peers, but may be followed by one
    static List<PeerView> ask(HostView view, List<PeerView> own) throws CannotLookException {
        Map<String, PeerView> views = read(view, view.peers());
        long until = System.nanoTime() + CATCH_UP_DEADLINE.toNanos();
        while (System.nanoTime() < until) {
            var behind = new ArrayList<HostView.Peer>();
            var sources = new ArrayList<>(views.values());
            sources.addAll(own);
            for (HostView.Peer peer : view.peers()) {
                PeerView seen = require(views.get(peer.name()), peer);
                MariaDbGtidState source = source(seen, sources);
                if (source != null && !source.isSubsetOf(seen.state())) {
                    behind.add(peer);
                }
            }
            if (behind.isEmpty()) {
                break;
            }
            // only the replica is read anew: its source's earlier state is the mark it must reach
            views.putAll(read(view, behind));
        }
        return List.copyOf(views.values());
    }

    private static Map<String, PeerView> read(HostView view, List<HostView.Peer> peers)
            throws CannotLookException {
        String lease = SurvivorLeases.name(view.cluster());
        return askEach(peers, (peer, server) -> PeerView.read(peer.name(), server, lease));
    }

    /// Answers by the peers' names, in their order; all there, or none.
    static <T> Map<String, T> askEach(List<HostView.Peer> peers, Question<T> question)
            throws CannotLookException {
        var asked = new LinkedHashMap<String, CompletableFuture<T>>();
        for (HostView.Peer peer : peers) {
            asked.put(
                    peer.name(),
                    WithinDeadline.begin(
                            "ask-" + peer.name(),
                            () -> {
                                try (Server server = Server.connect(peer.address())) {
                                    return question.ask(peer, server);
                                }
                            }));
        }
        var answers = new LinkedHashMap<String, T>();
        for (Map.Entry<String, CompletableFuture<T>> one : asked.entrySet()) {
            answers.put(
                    one.getKey(),
                    WithinDeadline.await(
                            one.getValue(),
                            ANSWER_DEADLINE,
                            "peer " + one.getKey(),
                            "bring that peer back; its silence is a veto"));
        }
        return answers;
    }

    /// State of the server that a peer follows; null if it follows none.
    static @org.jspecify.annotations.Nullable MariaDbGtidState source(
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

    private static PeerView require(
            @org.jspecify.annotations.Nullable PeerView view, HostView.Peer peer) {
        if (view == null) {
            throw new IllegalStateException("nothing was seen of " + peer.name());
        }
        return view;
    }
}
