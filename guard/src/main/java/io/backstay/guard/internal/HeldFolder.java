package io.backstay.guard.internal;

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
public final class HeldFolder implements HeldTarget {
    /// What the engines lock themselves.
    private static final Pattern LOCKED_BY_ENGINES =
            Pattern.compile("ibdata\\d+|ib_logfile\\d+|undo.*|aria_log_control|.*\\.ibd");

    private final Map<FileKey, Descriptor> locks = new LinkedHashMap<>();
    private Optional<SurvivorLeases> leases = Optional.empty();

    private HeldFolder() {}

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

    @Override
    public GuardAnswer checkAgain(GuardRequest request, Duration budget) {
        return new HostGuard(
                        budget,
                        Map.copyOf(locks),
                        leases.map(SurvivorLeases::connections).orElse(Map.of()))
                .check(request);
    }

    @Override
    public boolean isAt(Path name) {
        try {
            return FileKey.ofEntry(name).equals(locks.keySet().iterator().next());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Path nameHere() {
        return Path.of("/proc/self/fd", "" + inheritable(false).getFirst().number());
    }

    /// The dot makes programs that follow no link look into a mount point all the same.
    @Override
    public Path nameInCommand() {
        return Path.of(ChildPlan.nameInChild(0), ".");
    }

    @Override
    public List<Descriptor> inheritable(boolean isHandedOver) {
        return List.copyOf(locks.values());
    }

    @Override
    public Optional<String> whyNotPassedOn() {
        return leases.isPresent()
                ? Optional.of("the leases on the survivors end with the guard's own process")
                : PassedOn.whyNot(inheritable(false));
    }

    @Override
    public void handOver() {
        throw new IllegalStateException("a command takes no claim of a folder");
    }

    @Override
    public boolean isHeld() {
        return leases.map(SurvivorLeases::areHeld).orElse(true);
    }

    @Override
    public String loss() {
        return "its old name is taken by another, or a survivor's lease has ended";
    }

    @Override
    public void close() {
        locks.values().forEach(Descriptor::close);
        locks.clear();
        leases.ifPresent(SurvivorLeases::close);
        leases = Optional.empty();
    }
}
