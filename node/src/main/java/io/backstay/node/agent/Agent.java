package io.backstay.node.agent;

import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.node.pki.Credentials;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import io.backstay.rollout.protocol.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// One host's agent: dials out, takes one offer at a time, decides by its own guard, reports.
///
/// - One operation at a time.
/// - Nothing that changes the host begins before it stands in the host's own ledger.
/// - When the controller is silent, recorded undos are paid; nothing else is done.
public final class Agent implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(300);
    private static final Duration WATCH = Duration.ofMillis(200);

    private final AgentConfig config;
    private final Time time;
    private final ControllerLink link;
    private final Ledger ledger;
    private final OfferDesk desk;
    private final UndoDebts debts;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private volatile Duration lastHeard;
    private Thread worker = Thread.currentThread();
    private Thread watchdog = Thread.currentThread();

    private Agent(AgentConfig config, Credentials credentials, Ledger ledger, Time time) {
        this.config = config;
        this.time = time;
        this.ledger = ledger;
        this.link = new ControllerLink(config.controller(), credentials);
        this.debts = new UndoDebts(config.host(), config.operations(), ledger);
        this.desk = OfferDesk.open(config, ledger, link, debts, time);
        this.lastHeard = time.sinceBoot();
    }

    /// @param ledger this host's own chain; closed by the caller after the agent
    public static Agent start(
            AgentConfig config, Credentials credentials, Ledger ledger, Time time) {
        var agent = new Agent(config, credentials, ledger, time);
        ledger.append(
                "agent.started",
                config.host().name(),
                null,
                java.util.Map.of("boot", Time.bootId()));
        agent.worker =
                Thread.ofPlatform()
                        .daemon()
                        .name("agent-" + config.host().name())
                        .start(agent::work);
        agent.watchdog =
                Thread.ofVirtual().name("watchdog-" + config.host().name()).start(agent::watch);
        return agent;
    }

    private void work() {
        while (running.get()) {
            try {
                Optional<Offer> offer = link.next(POLL);
                lastHeard = time.sinceBoot();
                if (offer.isPresent()) {
                    Outcome outcome = handle(offer.get());
                    link.report(new Report(offer.get().effectId(), outcome, ledger.head().line()));
                    lastHeard = time.sinceBoot();
                }
            } catch (IOException e) {
                // the controller is away: ask again; the watchdog pays what falls due meanwhile
                pause(RETRY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// What the agent itself did not foresee is an end nobody knows, told to the controller: a
    /// worker never dies of it.
    private Outcome handle(Offer offer) throws IOException, InterruptedException {
        try {
            return desk.handle(offer);
        } catch (RuntimeException e) {
            return new Outcome.InDoubt(
                    "the agent of %s failed at %s: %s"
                            .formatted(config.host().name(), offer.operation(), e));
        }
    }

    private void watch() {
        while (running.get()) {
            try {
                Duration now = time.sinceBoot();
                boolean silent = now.minus(lastHeard).compareTo(config.silenceMax()) > 0;
                debts.payDue(Time.bootId(), now, silent);
                time.sleep(WATCH);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                // not paid: stays open, and is tried again until it is
                pause(RETRY);
            }
        }
    }

    private void pause(Duration duration) {
        try {
            time.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends after the operation under way, at most a few seconds later.
    @Override
    public void close() {
        running.set(false);
        link.close();
        try {
            worker.join(Duration.ofSeconds(30));
            // never interrupted: an interrupt in the middle of an entry closes the chain's file
            watchdog.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
