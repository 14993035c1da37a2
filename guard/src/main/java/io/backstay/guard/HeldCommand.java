package io.backstay.guard;

import io.backstay.doors.ProcessIdentity;
import io.backstay.doors.kernel.Child;
import io.backstay.doors.kernel.ChildPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// A command that acts on a held folder and holds what the interlock holds: if the guard is killed,
/// its locks live as long as the command.
///
/// What the command starts inherits them as well, unless it closes them on the way (`sudo` does).
public final class HeldCommand {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Child child;
    private final Interlock hold;

    private HeldCommand(Child child, Interlock hold) {
        this.child = child;
        this.hold = hold;
    }

    /// Starts it without a shell.
    ///
    /// Throws [io.backstay.doors.kernel.KernelRefusedException] if the program cannot be started.
    ///
    /// @param environment all that it gets
    public static HeldCommand start(
            Interlock hold,
            List<String> command,
            Map<String, String> environment,
            ChildPlan.Streams streams) {
        Child child =
                new ChildPlan(command, environment, hold.inheritable(), streams)
                        .start(hold::beforeStart);
        var started = new HeldCommand(child, hold);
        started.look();
        return started;
    }

    public int pid() {
        return child.pid();
    }

    /// Tells it to end.
    public void terminate() {
        child.signal(ProcessIdentity.Signal.TERM);
    }

    /// Waits for its end, and looks again and again whether it still holds everything.
    ///
    /// @return its exit code, or 128 and the number of the signal that ended it
    public int await() {
        while (true) {
            OptionalInt exit = child.await(LOOK_EVERY);
            if (exit.isPresent()) {
                return exit.getAsInt();
            }
            look();
        }
    }

    /// One that has ended meanwhile holds nothing and needs nothing.
    private void look() {
        if (!child.holdsAll() && child.await(Duration.ZERO).isEmpty() && !child.holdsAll()) {
            hold.windowed("the command closed what it had inherited");
        }
    }
}
