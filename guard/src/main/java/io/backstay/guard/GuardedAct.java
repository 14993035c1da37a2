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
public final class GuardedAct {
    private GuardedAct() {}

    /// Writes the intent down. Must be durable when it returns; if it throws, nothing is done.
    public interface IntentRecorder {
        /// @param answer the second look, taken under the interlock
        /// @param held the name under which the target is held now
        void record(GuardAnswer answer, Path held, Interlock.Kind kind);
    }

    /// The destroying itself, on the held name only.
    public interface Act {
        /// @return false if it ran and failed
        boolean run(Path held) throws Exception;
    }

    /// How it ended. `Refused`: nothing was done. `Done`, `Failed`: the act ran. `InDoubt`: the act
    /// was begun and nobody can vouch for what it met.
    public sealed interface Outcome {
        GuardAnswer answer();

        record Refused(GuardAnswer answer) implements Outcome {}

        record Done(GuardAnswer answer, Interlock.Kind kind) implements Outcome {}

        record Failed(GuardAnswer answer, Interlock.Kind kind, String why) implements Outcome {}

        record InDoubt(GuardAnswer answer, String why) implements Outcome {}
    }

    public static Outcome run(Guard guard, GuardRequest request, IntentRecorder recorder, Act act) {
        GuardAnswer first = guard.check(request);
        if (!first.isCleared()) {
            return new Outcome.Refused(first);
        }
        return switch (Interlock.acquire(request, first)) {
            case Interlock.Refused(GuardAnswer second) -> new Outcome.Refused(second);
            case Interlock.Held(Interlock hold) -> {
                try (hold) {
                    yield actUnder(hold, recorder, act);
                }
            }
        };
    }

    private static Outcome actUnder(Interlock hold, IntentRecorder recorder, Act act) {
        GuardAnswer answer = hold.answer();
        recorder.record(answer, hold.path(), hold.kind());
        if (!hold.stillHeld()) {
            return new Outcome.InDoubt(
                    answer, "the interlock was lost between intent and act; the act was not begun");
        }
        boolean succeeded;
        try {
            succeeded = act.run(hold.path());
        } catch (Exception e) {
            return new Outcome.Failed(answer, hold.kind(), String.valueOf(e.getMessage()));
        }
        if (!hold.stillHeld()) {
            return new Outcome.InDoubt(answer, "the interlock was lost while the act ran");
        }
        return succeeded
                ? new Outcome.Done(answer, hold.kind())
                : new Outcome.Failed(answer, hold.kind(), "it ran and failed");
    }
}
