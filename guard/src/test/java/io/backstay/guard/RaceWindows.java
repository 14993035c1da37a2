package io.backstay.guard;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/// Where one run of the guard is, and a move against it that is aimed at one of its windows.
///
/// The short windows wait for a move that is aimed at them; the looks do not, so that a move is
/// spread over the time that the last one took.
final class RaceWindows {
    /// Where the guard was when the move was complete.
    enum Window {
        FIRST_LOOK,
        BEFORE_HOLDING,
        SECOND_LOOK,
        BEFORE_ACT,
        ACT,
        AFTER
    }

    /// The move itself.
    interface Move {
        void make() throws Exception;
    }

    /// @param met what the move met: `done`, or why it could not be made
    record Landed(Window window, String met) {}

    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /// As long as a ledger takes to make an entry durable.
    private static final long ENTRY_NANOS = 2_000_000L;

    private static volatile long lookNanos = 150_000_000L;

    private final Window aim;
    private final Random random;
    private volatile Window now = Window.FIRST_LOOK;
    private volatile long since = System.nanoTime();
    private volatile boolean isMoved;

    RaceWindows(Window aim, Random random) {
        this.aim = aim;
        this.random = random;
    }

    /// Each move in each window equally often, whatever the seed it begins with.
    static Window aimOf(long seed, RaceMove move) {
        List<Window> windows =
                move.beginsLive()
                        ? List.of(Window.FIRST_LOOK, Window.AFTER)
                        : List.of(Window.values());
        return windows.get((int) Math.floorMod(seed, (long) windows.size()));
    }

    Window now() {
        return now;
    }

    boolean isAimedAt(Window window) {
        return aim == window;
    }

    void enter(Window window) {
        if (now == Window.FIRST_LOOK && window == Window.BEFORE_HOLDING) {
            lookNanos = System.nanoTime() - since;
        }
        now = window;
        since = System.nanoTime();
    }

    /// Stays in a window for a moment; as long as the move takes, where it is aimed here.
    void pass(Window window) {
        enter(window);
        if (aim == window) {
            awaitMove();
        } else {
            spin(ENTRY_NANOS);
        }
    }

    void awaitMove() {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < until && !isMoved) {
            Thread.onSpinWait();
        }
    }

    /// On a thread of its own: it waits for processes, and the common pool could not both wait and
    /// tell it that they have ended.
    CompletableFuture<Landed> begin(Move move) {
        return CompletableFuture.supplyAsync(
                () -> moveInTime(move), work -> Thread.ofPlatform().start(work));
    }

    /// Kills a process; it is gone when this returns.
    static void end(Process process) {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Landed moveInTime(Move move) {
        while (now.compareTo(aim) < 0) {
            Thread.onSpinWait();
        }
        spin(
                switch (aim) {
                    case FIRST_LOOK, SECOND_LOOK -> random.nextLong(lookNanos);
                    case BEFORE_HOLDING, BEFORE_ACT, ACT, AFTER -> random.nextLong(ENTRY_NANOS);
                });
        Landed landed;
        try {
            move.make();
            landed = new Landed(now, "done");
        } catch (Exception e) {
            landed = new Landed(now, e.getClass().getSimpleName());
        }
        isMoved = true;
        return landed;
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }
}
