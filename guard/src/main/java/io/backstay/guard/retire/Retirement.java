package io.backstay.guard.retire;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.ProcessIdentity;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.internal.ClusterSurvivors;
import io.backstay.guard.retire.RetireState.Event;
import io.backstay.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Retires one host: look, fence, watch, stop, watch, look again, destroy.
///
/// - Each step is in the ledger before it is taken; one that was cut off is taken again, so the
///   same call after a kill goes on where it was.
/// - A refusal puts everything back, unless it was told to stay.
/// - The survivors are leased from before the fence until the guard leases them itself for the act.
/// - Between fence and stop nothing is executed here, so what the others hold then is all there is:
///   they are held against the log's end while it is fenced, and again, read offline, when it is
///   stopped.
public final class Retirement {
    private static final Duration STOP_DEADLINE = Duration.ofMinutes(5);
    private static final Duration START_DEADLINE = Duration.ofMinutes(2);

    private final RetireRequest request;
    private final RetireBook book;
    private final BackupProof backup;
    private final Grounds grounds;
    private final HostServices services;
    private final LastStep last;
    private final Consumer<String> talk;

    /// Destroys under the guard's interlock, and writes that down.
    public interface LastStep {
        GuardedAct.Outcome run(Guard guard, GuardRequest request);
    }

    /// @param talk what is done, a line each
    public Retirement(
            RetireRequest request,
            Ledger ledger,
            BackupProof backup,
            HostServices services,
            LastStep last,
            Consumer<String> talk) {
        this.request = request;
        this.book = RetireBook.read(ledger, request.target().text());
        this.backup = backup;
        this.grounds = new Grounds(request.view().cluster(), backup);
        this.services = services;
        this.last = last;
        this.talk = talk;
    }

    /// How it ended.
    public sealed interface Ended {
        /// Nothing of it is left here.
        record Retired(GuardedAct.Outcome outcome) implements Ended {}

        /// Looked at, and nothing speaks against it; nothing was changed.
        record WouldRetire(List<String> notes) implements Ended {}

        /// @param isPutBack everything is as it was; else it stays where it was refused
        record Refused(List<String> reasons, boolean isPutBack) implements Ended {}

        record Undone() implements Ended {}

        record InDoubt(String why) implements Ended {}
    }

    /// All checks for real; changes nothing.
    public Ended dryRun() {
        try (ClusterSurvivors survivors = ClusterSurvivors.lease(request.view());
                OwnServer own = OwnServer.connect(request.server(), request.dataDir())) {
            List<String> reasons = grounds.beforeAnything(own, survivors);
            if (!reasons.isEmpty()) {
                return new Ended.Refused(reasons, true);
            }
            return new Ended.WouldRetire(
                    List.of(
                            "discovery: " + services.discoverySays(),
                            "backup: " + backup.says(),
                            "clients connected now: "
                                    + (own.others().isEmpty()
                                            ? "none"
                                            : String.join(", ", own.others()))));
        }
    }

    /// @param stays a refusal leaves it where it is, to be gone on with or undone later
    public Ended run(boolean stays) {
        Optional<RetireState> state = book.state();
        if (state.isPresent() && state.get() instanceof RetireState.InDoubt) {
            return new Ended.InDoubt("an earlier run began to destroy and its end is not known");
        }
        if (state.isPresent() && state.get() instanceof RetireState.Destroying) {
            book.become(new Event.Keep()); // the exec's own entries say that it was not begun
        }
        List<String> reasons;
        try (ClusterSurvivors survivors = ClusterSurvivors.lease(request.view())) {
            reasons = untilStopped(survivors);
        } catch (Problem e) {
            if (book.state().flatMap(RetireState::before).isEmpty()) {
                throw e;
            }
            reasons = List.of(firstLine(e));
        }
        if (!reasons.isEmpty()) {
            return refused(reasons, stays);
        }
        return destroy(stays);
    }

    /// Everything up to the last step that can be undone.
    ///
    /// @return why not; empty if the server is stopped and all is covered
    private List<String> untilStopped(ClusterSurvivors survivors) {
        if (!(book.state().orElse(new RetireState.Gone()) instanceof RetireState.Stopped)) {
            List<String> reasons = isDown() ? List.of() : untilStopping(survivors);
            if (!reasons.isEmpty()) {
                return reasons;
            }
        }
        return stopped(survivors);
    }

    /// It was told to stop, and has, but the run was cut off before that was written down.
    private boolean isDown() {
        return book.state().filter(RetireState.Stopping.class::isInstance).isPresent()
                && OwnServer.processBehind(request.server()).isEmpty();
    }

    private List<String> untilStopping(ClusterSurvivors survivors) {
        try (OwnServer own = OwnServer.connect(request.server(), request.dataDir())) {
            Optional<Before> noted = book.state().flatMap(RetireState::before);
            if (noted.isEmpty()) {
                List<String> against = grounds.beforeAnything(own, survivors);
                if (!against.isEmpty()) {
                    return against;
                }
            }
            Before before = noted.orElseGet(() -> begin(own, survivors));
            talk.accept("discovery: " + services.discoverySays());
            services.leaveDiscovery();
            MariaDbGtidState end = own.fence();
            book.become(new Event.Fence(end));
            talk.accept("fenced: its log ends at " + end);
            List<String> reasons = Watch.fenced(own, end, request.watch());
            if (reasons.isEmpty()) {
                talk.accept("watched for %d s".formatted(request.watch().toSeconds()));
                reasons = grounds.fenced(own, end, before, survivors);
            }
            if (!reasons.isEmpty()) {
                return reasons;
            }
            book.become(new Event.Stop());
            return stop(own, before);
        }
    }

    /// Writes down how everything is, before it is changed.
    private Before begin(OwnServer own, ClusterSurvivors survivors) {
        var before =
                new Before(
                        own.serverId(),
                        own.isReadOnly(),
                        own.replicating(),
                        StartCommand.of(own.process().pid()),
                        survivors.identities());
        book.become(new Event.Begin(before));
        return before;
    }

    private List<String> stop(OwnServer own, Before before) {
        ProcessIdentity process = own.process();
        if (!services.stop(before.start())) {
            own.shutDown();
        }
        long until = System.nanoTime() + STOP_DEADLINE.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > until) {
                return List.of(
                        "process %d is still there %d s after it was told to stop"
                                .formatted(process.pid(), STOP_DEADLINE.toSeconds()));
            }
            Watch.pause();
        }
        return List.of();
    }

    /// The second watch: it must stay down, and the others must stay.
    private List<String> stopped(ClusterSurvivors survivors) {
        if (book.state().orElseThrow() instanceof RetireState.Stopping) {
            book.become(new Event.Stopped());
        }
        if (!(book.state().orElseThrow()
                instanceof RetireState.Stopped(Before before, MariaDbGtidState end))) {
            throw new IllegalStateException("not stopped: " + book.state());
        }
        talk.accept("stopped");
        long until = System.nanoTime() + request.watch().toNanos();
        do {
            if (OwnServer.processBehind(request.server()).isPresent()) {
                return List.of("somebody started it again after it was stopped");
            }
            Watch.pause();
        } while (System.nanoTime() < until);
        talk.accept("watched for %d s".formatted(request.watch().toSeconds()));
        return grounds.stopped(end, before, survivors);
    }

    /// The one step that cannot be undone; the guard leases, looks and holds for itself.
    private Ended destroy(boolean stays) {
        if (!(book.state().orElseThrow() instanceof RetireState.Stopped(_, MariaDbGtidState end))) {
            throw new IllegalStateException("not stopped: " + book.state());
        }
        book.become(new Event.Destroy());
        GuardedAct.Outcome outcome = last.run(Guard.ofThisHost(), request.last(end));
        return switch (outcome) {
            case GuardedAct.Outcome.Done _ -> {
                book.become(new Event.Vanish());
                yield new Ended.Retired(outcome);
            }
            case GuardedAct.Outcome.Refused(var answer) -> {
                book.become(new Event.Keep());
                yield refused(answer.reasons(), stays);
            }
            case GuardedAct.Outcome.Failed(_, _, _, String why) -> doubt(why);
            case GuardedAct.Outcome.InDoubt(_, String why) -> doubt(why);
        };
    }

    private Ended doubt(String why) {
        book.become(new Event.Lose());
        return new Ended.InDoubt(why);
    }

    private Ended refused(List<String> reasons, boolean stays) {
        book.refused(reasons);
        if (stays && book.state().flatMap(RetireState::before).isPresent()) {
            return new Ended.Refused(reasons, false);
        }
        if (book.state().flatMap(RetireState::before).isPresent()) {
            putBack();
        }
        return new Ended.Refused(reasons, true);
    }

    /// Takes every step back that was taken.
    public Ended undo() {
        Optional<RetireState> state = book.state();
        if (state.isPresent() && state.get() instanceof RetireState.Destroying) {
            book.become(new Event.Keep());
        }
        if (state.flatMap(RetireState::before).isEmpty()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "nothing to undo at %s: expected a retirement that was begun, found %s"
                            .formatted(
                                    request.target().text(),
                                    state.map(s -> s.getClass().getSimpleName()).orElse("none")),
                    "`backstay ledger show` tells what was done here; what is gone comes back from the archive.");
        }
        putBack();
        return new Ended.Undone();
    }

    private void putBack() {
        Before before = book.state().flatMap(RetireState::before).orElseThrow();
        if (OwnServer.processBehind(request.server()).isEmpty()) {
            talk.accept("starting it again");
            services.start(before.start());
        }
        try (OwnServer own = awaited()) {
            own.unfence(before);
        }
        services.returnToDiscovery();
        book.become(new Event.Undo());
        talk.accept("put back: read_only, replication and discovery are as they were");
    }

    private OwnServer awaited() {
        long until = System.nanoTime() + START_DEADLINE.toNanos();
        while (true) {
            try {
                return OwnServer.connect(request.server(), request.dataDir());
            } catch (Problem e) {
                if (System.nanoTime() > until) {
                    throw new Problem(
                            ErrorCode.IN_DOUBT,
                            "the undo is not finished: %s".formatted(firstLine(e)),
                            "start the server by hand, then run this again with --undo.",
                            e);
                }
                Watch.pause();
            }
        }
    }

    private static String firstLine(Problem e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
