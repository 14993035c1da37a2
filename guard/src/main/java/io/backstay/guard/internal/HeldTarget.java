package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.guard.Finding;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What an interlock holds of its target, taken all or none.
public sealed interface HeldTarget extends AutoCloseable permits HeldFolder, HeldDevice {

    /// What came of taking: held, or a finding that says why not.
    sealed interface Taken {}

    record All(HeldTarget held) implements Taken {}

    record None(Finding.Blind why) implements Taken {}

    /// @param name by which it is reached now
    static Taken take(Path name, GuardRequest request) {
        return switch (request.target()) {
            case Target.PathTarget _ -> HeldFolder.take(name, request);
            case Target.DeviceTarget _ -> HeldDevice.take(name);
            case Target.HostTarget _ ->
                    new None(
                            new Finding.Blind(
                                    "interlock",
                                    "a whole host cannot be held from within",
                                    "use `guard consent`, and act at once"));
        };
    }

    /// Looks at everything again, knowing what is held by itself.
    GuardAnswer checkAgain(GuardRequest request, Duration budget);

    /// Whether a name still leads to what is held, as it was looked at. For the last moment before
    /// the act.
    boolean isAt(Path name);

    /// The name by which this process reaches it, whatever is renamed or mounted.
    Path nameHere();

    /// The same for a command that inherits it.
    Path nameInCommand();

    /// What a command inherits: the target itself, then each lock.
    ///
    /// @param isHandedOver without what is given up at its start
    List<Descriptor> inheritable(boolean isHandedOver);

    /// Proves, on this machine and a moment before, that what is held lives on in a started
    /// program.
    ///
    /// @return why not; empty if it was proved
    Optional<String> whyNotPassedOn();

    /// Gives up what a command has to take for itself, which is about to be started.
    void handOver();

    /// Whether all that was taken is held still, and what was handed over can be taken again.
    boolean isHeld();

    /// What it means that it is not.
    String loss();

    @Override
    void close();
}
