package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import io.backstay.guard.Finding;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The locks on a stopped server's files and the leases on its survivors, taken all or none.
public final class HeldFolder implements AutoCloseable {
    /// What the engines lock themselves.
    private static final Pattern LOCKED_BY_ENGINES =
            Pattern.compile("ibdata\\d+|ib_logfile\\d+|undo.*|aria_log_control|.*\\.ibd");

    private final Map<FileKey, Descriptor> locks = new HashMap<>();
    private Optional<SurvivorLeases> leases = Optional.empty();

    private HeldFolder() {}

    /// What came of taking: held, or a finding that says why not.
    public sealed interface Taken {}

    public record All(HeldFolder held) implements Taken {}

    public record None(Finding.Blind why) implements Taken {}

    public static Taken take(Path folder, GuardRequest request) {
        var held = new HeldFolder();
        try {
            for (Tree.Entry file : Tree.walk(folder).files()) {
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
