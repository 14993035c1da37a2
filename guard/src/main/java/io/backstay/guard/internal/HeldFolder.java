package io.backstay.guard.internal;

import io.backstay.doors.ProcessIdentity;
import io.backstay.doors.kernel.Child;
import io.backstay.doors.kernel.ChildPlan;
import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import io.backstay.guard.Finding;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The locks on a stopped server's files and the leases on its survivors, taken all or none.
///
/// The folder itself is held open before all, and first, so that a process which inherits what is
/// held can reach it by its descriptor and is seen to use it.
public final class HeldFolder implements AutoCloseable {
    /// What the engines lock themselves.
    private static final Pattern LOCKED_BY_ENGINES =
            Pattern.compile("ibdata\\d+|ib_logfile\\d+|undo.*|aria_log_control|.*\\.ibd");

    private static final Duration CONTROL_DEADLINE = Duration.ofSeconds(5);

    private final Map<FileKey, Descriptor> locks = new LinkedHashMap<>();
    private Optional<SurvivorLeases> leases = Optional.empty();

    private HeldFolder() {}

    /// What came of taking: held, or a finding that says why not.
    public sealed interface Taken {}

    public record All(HeldFolder held) implements Taken {}

    public record None(Finding.Blind why) implements Taken {}

    public static Taken take(Path folder, GuardRequest request) {
        var held = new HeldFolder();
        try {
            Tree tree = Tree.walk(folder);
            held.open(tree.entries().getFirst());
            for (Tree.Entry file : tree.files()) {
                if (LOCKED_BY_ENGINES.matcher(file.name()).matches()) {
                    held.lock(file);
                }
            }
            HostView view = request.view();
            if (RequiredProbes.isCovered(request)) {
                held.leases = Optional.of(SurvivorLeases.take(view));
            }
            return new All(held);
        } catch (CannotLookException e) {
            held.close();
            return new None(
                    new Finding.Blind("interlock", String.valueOf(e.getMessage()), e.remedy()));
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private void open(Tree.Entry folder) throws CannotLookException {
        try {
            locks.put(folder.key(), Descriptor.openToLook(folder.path()));
        } catch (KernelRefusedException e) {
            throw new CannotLookException(String.valueOf(e.getMessage()), "run as root");
        }
    }

    private void lock(Tree.Entry file) throws CannotLookException {
        try {
            Descriptor descriptor = Descriptor.openToLock(file.path());
            locks.put(file.key(), descriptor);
            if (!descriptor.tryLock()) {
                throw new CannotLookException(
                        file.relative() + " was locked by another in between", "stop that server");
            }
        } catch (KernelRefusedException e) {
            throw new CannotLookException(String.valueOf(e.getMessage()), "run as root");
        }
    }

    /// Looks at everything again, knowing what is held by itself.
    public GuardAnswer checkAgain(GuardRequest request) {
        return new HostGuard(
                        Map.copyOf(locks), leases.map(SurvivorLeases::connections).orElse(Map.of()))
                .check(request);
    }

    /// Whether a name still leads to the folder that is held.
    public boolean isAt(Path name) {
        try {
            return FileKey.ofEntry(name).equals(locks.keySet().iterator().next());
        } catch (IOException e) {
            return false;
        }
    }

    /// The name by which this process reaches the folder, whatever is renamed or mounted.
    public Path nameHere() {
        return Path.of("/proc/self/fd", "" + inheritable().getFirst().number());
    }

    /// What a command inherits: the folder, then each lock.
    public List<Descriptor> inheritable() {
        return List.copyOf(locks.values());
    }

    /// Proves, on this machine and a moment before, that what is held lives on in a started
    /// program: a control is started with all of it and looked at.
    ///
    /// @return why not; empty if it was proved
    public Optional<String> whyNotPassedOn() {
        if (leases.isPresent()) {
            return Optional.of("the leases on the survivors end with the guard's own process");
        }
        if (!ChildPlan.isSupported()) {
            return Optional.of("this machine's C library cannot pass the locks on");
        }
        try {
            Child control =
                    new ChildPlan(
                                    List.of("sleep", "" + CONTROL_DEADLINE.toSeconds()),
                                    System.getenv(),
                                    inheritable(),
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

    public boolean areLeasesHeld() {
        return leases.map(SurvivorLeases::areHeld).orElse(true);
    }

    @Override
    public void close() {
        locks.values().forEach(Descriptor::close);
        locks.clear();
        leases.ifPresent(SurvivorLeases::close);
        leases = Optional.empty();
    }
}
