package io.backstay.guard.internal;

import io.backstay.doors.ProcessIdentity;
import io.backstay.doors.kernel.Child;
import io.backstay.doors.kernel.ChildPlan;
import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Whether a program that is started now inherits what is held.
final class PassedOn {
    private static final Duration CONTROL_DEADLINE = Duration.ofSeconds(5);

    private PassedOn() {}

    /// Starts a control with all of it, and looks at it.
    ///
    /// @return why not; empty if it was proved
    static Optional<String> whyNot(List<Descriptor> inheritable) {
        if (!ChildPlan.isSupported()) {
            return Optional.of("this machine's C library cannot pass the locks on");
        }
        try {
            Child control =
                    new ChildPlan(
                                    List.of("sleep", "" + CONTROL_DEADLINE.toSeconds()),
                                    System.getenv(),
                                    inheritable,
                                    ChildPlan.Streams.NONE)
                            .start();
            boolean holdsAll = control.holdsAll();
            control.signal(ProcessIdentity.Signal.KILL);
            boolean ended = control.await(CONTROL_DEADLINE.plus(CONTROL_DEADLINE)).isPresent();
            return holdsAll && ended
                    ? Optional.empty()
                    : Optional.of("a control that should have inherited the locks had them not");
        } catch (KernelRefusedException e) {
            return Optional.of("the control could not be started: " + e.getMessage());
        }
    }
}
