package io.backstay.node.controller;

import io.backstay.doors.Time;
import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import io.backstay.rollout.protocol.Report;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Offers waiting for the agents that will fetch them, one queue a host, and the outcomes those
/// agents report.
///
/// Threads: safe for use by several.
public final class Mailbox implements Hosts {
    private final Map<String, BlockingQueue<Offer>> offers = new ConcurrentHashMap<>();
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final Map<String, Duration> lastSeenSinceBoot = new ConcurrentHashMap<>();
    private final Time time;

    public Mailbox(Time time) {
        this.time = time;
    }

    /// Who asked for what, so that only that host's agent can challenge or report it.
    ///
    /// @param isFetched whether an agent has fetched it
    record Waiting(
            String host, Offer offer, CompletableFuture<Report> report, AtomicBoolean isFetched) {}

    @Override
    public Outcome perform(String host, Offer offer, Duration deadline) {
        var entry = new Waiting(host, offer, new CompletableFuture<>(), new AtomicBoolean());
        if (waiting.putIfAbsent(offer.effectId(), entry) != null) {
            throw new IllegalStateException("effect " + offer.effectId() + " is already under way");
        }
        try {
            queue(host).add(offer);
            return entry.report().get(deadline.toMillis(), TimeUnit.MILLISECONDS).outcome();
        } catch (TimeoutException e) {
            return new Outcome.InDoubt(
                    "the agent of %s did not report %s (%s) within %d s"
                            .formatted(
                                    host,
                                    offer.operation(),
                                    offer.effectId(),
                                    deadline.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.InDoubt("waiting for %s was interrupted".formatted(host));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            waiting.remove(offer.effectId());
            queue(host).remove(offer);
        }
    }

    /// The next offer for a host, waiting for one if there is none yet; empty if none came.
    ///
    /// An agent that asks is idle: what was fetched and not reported was lost on the way, or its
    /// agent has died, and is handed out again. That is safe, as a host performs an effect once.
    Optional<Offer> next(String host, Duration wait) throws InterruptedException {
        lastSeenSinceBoot.put(host, time.sinceBoot());
        Optional<Offer> lost =
                waiting.values().stream()
                        .filter(
                                entry ->
                                        entry.host().equals(host)
                                                && entry.isFetched().get()
                                                && !entry.report().isDone())
                        .map(Waiting::offer)
                        .findFirst();
        if (lost.isPresent()) {
            return lost;
        }
        Optional<Offer> next =
                Optional.ofNullable(queue(host).poll(wait.toMillis(), TimeUnit.MILLISECONDS));
        next.flatMap(offer -> findWaiting(offer.effectId(), host))
                .ifPresent(entry -> entry.isFetched().set(true));
        return next;
    }

    /// What is under way under this id on this host; empty if nothing is, or on another host.
    Optional<Waiting> findWaiting(String effectId, String host) {
        return Optional.ofNullable(waiting.get(effectId))
                .filter(entry -> entry.host().equals(host));
    }

    /// @return false if nobody waits for it any more
    boolean report(String host, Report report) {
        return findWaiting(report.effectId(), host)
                .map(entry -> entry.report().complete(report))
                .orElse(false);
    }

    /// When a host's agent last asked for work, in time since boot; empty if never.
    public Optional<Duration> lastSeen(String host) {
        return Optional.ofNullable(lastSeenSinceBoot.get(host));
    }

    private BlockingQueue<Offer> queue(String host) {
        return offers.computeIfAbsent(host, _ -> new LinkedBlockingQueue<>());
    }
}
