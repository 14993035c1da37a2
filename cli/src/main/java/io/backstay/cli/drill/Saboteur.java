package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.mysql.Server;
import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Injects real faults between a controller and its hosts: a member whose replication breaks, a
/// controller that dies.
final class Saboteur implements Hosts {
    private static final Duration APPLIER_MEETS_IT = Duration.ofSeconds(10);

    private final Hosts hosts;
    private final EmbeddedHost victim;
    private final String operationToDieAt;
    private final BooleanSupplier hasFailedOnce;
    private final AtomicBoolean hasDied = new AtomicBoolean();

    /// @param victim its replication breaks before its first health check
    /// @param operationToDieAt the controller dies before it hears how this ended on the victim;
    ///   empty for never
    /// @param hasFailedOnce whether the victim's check is known to have failed: what is put back
    ///   after that is not broken again
    Saboteur(
            Hosts hosts,
            EmbeddedHost victim,
            String operationToDieAt,
            BooleanSupplier hasFailedOnce) {
        this.hosts = hosts;
        this.victim = victim;
        this.operationToDieAt = operationToDieAt;
        this.hasFailedOnce = hasFailedOnce;
    }

    /// A controller that is gone. Nobody below catches it.
    static final class ControllerDiedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ControllerDiedException(String when) {
            super(when);
        }
    }

    @Override
    public Outcome perform(String host, Offer offer, Duration deadline) {
        if (host.equals(victim.name())
                && offer.operation().equals("member.verify")
                && offer.effectId().contains("/" + host + "/1/")
                && !hasFailedOnce.getAsBoolean()) {
            breakReplication();
        }
        Outcome outcome = hosts.perform(host, offer, deadline);
        if (host.equals(victim.name())
                && offer.operation().equals(operationToDieAt)
                && hasDied.compareAndSet(false, true)) {
            throw new ControllerDiedException("after " + offer.operation() + " on " + host);
        }
        return outcome;
    }

    /// A table that the source still has is gone on this replica: its applier stops at the next
    /// write.
    private void breakReplication() {
        try (Server session = victim.server().connect()) {
            session.execute("SET SESSION sql_log_bin=0");
            session.execute("DROP TABLE IF EXISTS shop.journal");
            // the fault is there once the applier has met it
            long end = System.nanoTime() + APPLIER_MEETS_IT.toNanos();
            while (System.nanoTime() < end
                    && session.rows("SHOW REPLICA STATUS").stream()
                            .anyMatch(row -> row.require("Slave_SQL_Running").equals("Yes"))) {
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
