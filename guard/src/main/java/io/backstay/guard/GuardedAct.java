package io.backstay.guard;

import java.nio.file.Path;

/// The only way to destroy: verdict, interlock, everything looked at again, intent written down,
/// act, outcome.
///
/// ```
/// check ─cleared─► interlock ─held─► check again ─cleared─► intent durable ─► act ─► Done | Failed
///   └refused─► Refused   └─► Refused        └─► Refused          └throws: nothing was done
///                                                               interlock lost after it ─► InDoubt
/// ```
///
/// A process that is killed between interlock and intent leaves the folder under its held name,
/// which was recorded before: [Interlock#putBack] gives it its own name again.
public final class GuardedAct {
    private GuardedAct() {}

    /// Writes down what a successor must know if this process is killed. Each entry must be durable
    /// when its method returns; if one throws, nothing is done.
    public interface Recorder {
        /// The target is about to be known by another name, and still by its own.
        void holding(Path held);

        /// The act is about to begin.
        ///
        /// @param answer the second look, taken under the interlock
        /// @param held the name under which the target is held now
        void intent(GuardAnswer answer, Path held, Interlock.Kind kind);
    }

    /// The destroying itself, on the held name only.
    public interface Act {
        /// @return false if it ran and failed
        boolean run(Interlock hold) throws Exception;

        /// Whether it is a [HeldCommand], which inherits what is held.
        default boolean isCommand() {
            return false;
        }

        /// Whether that command claims its device for itself, as mkfs does: the guard's own claim
        /// then has to end right before its start.
        default boolean claimsItself() {
            return false;
        }
    }

    /// How it ended. `Refused`: nothing was done. `Done`, `Failed`: the act ran. `InDoubt`: the act
    /// was begun and nobody can vouch for what it met.
    public sealed interface Outcome {
        GuardAnswer answer();

        record Refused(GuardAnswer answer) implements Outcome {}

        /// @param window why the interlock was windowed; empty if it was full
        record Done(GuardAnswer answer, Interlock.Kind kind, String window) implements Outcome {}

        record Failed(GuardAnswer answer, Interlock.Kind kind, String window, String why)
                implements Outcome {}

        record InDoubt(GuardAnswer answer, String why) implements Outcome {}
    }

    public static Outcome run(Guard guard, GuardRequest request, Recorder recorder, Act act) {
        GuardAnswer first = guard.check(request);
        if (!first.isCleared()) {
            return new Outcome.Refused(first);
        }
        return switch (Interlock.acquire(request, first, guard.budget(), recorder::holding)) {
            case Interlock.Refused(GuardAnswer second) -> new Outcome.Refused(second);
            case Interlock.Held(Interlock hold) -> {
                try (hold) {
                    yield actUnder(hold, recorder, act);
                }
            }
        };
    }

    private static Outcome actUnder(Interlock hold, Recorder recorder, Act act) {
        GuardAnswer answer = hold.answer();
        recorder.intent(
                answer,
                hold.name(),
                act.isCommand() ? hold.prove(act.claimsItself()) : hold.kind());
        if (!hold.stillHeld() || !hold.isUntouched()) {
            return new Outcome.InDoubt(
                    answer,
                    "the interlock was lost, or somebody came, between intent and act; the act was not"
                            + " begun");
        }
        boolean succeeded;
        try {
            succeeded = act.run(hold);
        } catch (Exception e) {
            return new Outcome.Failed(
                    answer, hold.kind(), hold.whyWindowed(), String.valueOf(e.getMessage()));
        }
        if (!hold.stillHeld()) {
            return new Outcome.InDoubt(
                    answer, "the interlock was lost while the act ran: " + hold.loss());
        }
        return succeeded
                ? new Outcome.Done(answer, hold.kind(), hold.whyWindowed())
                : new Outcome.Failed(answer, hold.kind(), hold.whyWindowed(), "it ran and failed");
    }
}
