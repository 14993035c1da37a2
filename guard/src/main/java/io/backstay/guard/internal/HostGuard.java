package io.backstay.guard.internal;

import io.backstay.doors.Time;
import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import io.backstay.guard.Finding;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.Target;
import io.backstay.guard.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The guard of the machine it runs on: plants the controls, looks once at everything, asks each
/// required probe, adds up.
public final class HostGuard implements Guard {
    /// Until then a probe has answered, or it is blind.
    public static final Duration BUDGET = Duration.ofSeconds(15);

    /// What is left to the other probes when one has read until its deadline.
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final Duration budget;
    private final Map<FileKey, Descriptor> held;
    private final Map<String, Long> leases;
    private final Optional<HeldDevice> device;

    public HostGuard() {
        this(BUDGET);
    }

    /// @param budget at most this long; what has not answered then is blind
    public HostGuard(Duration budget) {
        this(budget, Map.of(), Map.of(), Optional.empty());
    }

    /// @param held what the interlock already holds
    /// @param leases connection ids of its leases, by peer
    HostGuard(Duration budget, Map<FileKey, Descriptor> held, Map<String, Long> leases) {
        this(budget, held, leases, Optional.empty());
    }

    /// @param device that the interlock already holds
    HostGuard(Duration budget, HeldDevice device) {
        this(budget, Map.of(), Map.of(), Optional.of(device));
    }

    private HostGuard(
            Duration budget,
            Map<FileKey, Descriptor> held,
            Map<String, Long> leases,
            Optional<HeldDevice> device) {
        this.budget = budget;
        this.held = held;
        this.leases = leases;
        this.device = device;
    }

    @Override
    public Duration budget() {
        return budget;
    }

    @Override
    public GuardAnswer check(GuardRequest request) {
        long started = System.nanoTime();
        Instant at = Instant.now();
        Set<String> required = RequiredProbes.of(request);
        long deadline = started + budget.toNanos() - MARGIN.toNanos();
        List<Finding> findings = byDeadline(request, required, deadline);
        return new GuardAnswer(
                request.operation(),
                request.target().text(),
                Verdict.of(required, findings),
                findings,
                Time.bootId(),
                at,
                Duration.ofNanos(System.nanoTime() - started));
    }

    private List<Finding> byDeadline(
            GuardRequest request, Set<String> required, long deadlineNanos) {
        try {
            return WithinDeadline.await(
                    WithinDeadline.begin(
                            "guard-look", () -> look(request, required, deadlineNanos)),
                    budget,
                    "looking",
                    "free the disk or process that hangs, or give it more time: --budget");
        } catch (CannotLookException e) {
            return blind(required, e);
        }
    }

    private List<Finding> look(GuardRequest request, Set<String> required, long deadlineNanos) {
        try {
            return switch (request.target()) {
                case Target.PathTarget(Path folder) -> lookAtFolder(request, folder, required);
                case Target.DeviceTarget(String device) ->
                        lookAtDevice(request, Path.of(device), required, deadlineNanos);
                case Target.HostTarget _ -> lookAtHost(request, required, deadlineNanos);
            };
        } catch (CannotLookException e) {
            return blind(required, e);
        }
    }

    private List<Finding> lookAtFolder(GuardRequest request, Path folder, Set<String> required)
            throws CannotLookException {
        Tree tree = Tree.walk(folder);
        var covered = Covered.by(folder, Mount.own());
        try (Decoys decoys =
                Decoys.plant(
                        request.view().stateFolder(),
                        folder,
                        tree.device(),
                        covered.map(Covered::parentPoint).stream().toList())) {
            ProcessTable table = ProcessTable.read();
            decoys.sawMounts(table.ownMounts());
            Place place = Place.of(tree, table.ownMounts(), request.view().addresses());
            Optional<Place> beneath = Optional.empty();
            if (covered.isPresent()) {
                beneath = Optional.of(covered.get().place(decoys.seenUncovered(0)));
            }
            var world = new World(request, place, beneath, table, decoys, held, leases);
            return examine(Probes.all(), required, world);
        }
    }

    private List<Finding> lookAtDevice(
            GuardRequest request, Path node, Set<String> required, long deadlineNanos)
            throws CannotLookException {
        BlockDevice seen = requireHeld(node);
        try (Decoys decoys = Decoys.plant(request.view().stateFolder(), node, -1, List.of());
                Descriptor control = Descriptor.openToLook(node)) {
            var own = new ArrayList<>(List.of(control));
            device.ifPresent(taken -> own.addAll(taken.own()));
            ProcessTable table = ProcessTable.read();
            List<Finding> findings =
                    examine(
                            Probes.ofDevice(),
                            required,
                            new DeviceWorld(
                                    seen, table, decoys, own, device.isPresent(), deadlineNanos));
            requireHeld(node);
            return findings;
        } catch (KernelRefusedException e) {
            throw new CannotLookException(String.valueOf(e.getMessage()), "run as root");
        }
    }

    /// The probes go by name: it must lead to what is held before and after.
    private BlockDevice requireHeld(Path node) throws CannotLookException {
        BlockDevice named = BlockDevice.of(node);
        if (device.isPresent()) {
            device.get().requireSame(named);
        }
        return named;
    }

    private static List<Finding> lookAtHost(
            GuardRequest request, Set<String> required, long deadlineNanos)
            throws CannotLookException {
        Path root = Path.of("/");
        List<Mount> own = FileSystemsProbe.local(Mount.own());
        List<Path> points = own.stream().map(mount -> Path.of(mount.point())).toList();
        try (Decoys decoys = Decoys.plant(request.view().stateFolder(), root, -1, points)) {
            return examine(
                    Probes.ofHost(),
                    required,
                    new HostWorld(request, ProcessTable.read(), own, decoys, deadlineNanos));
        }
    }

    private static <W> List<Finding> examine(
            List<? extends Look<W>> probes, Set<String> required, W world) {
        var findings = new ArrayList<Finding>();
        for (Look<W> probe : probes) {
            if (required.contains(probe.name())) {
                findings.add(probe.examine(world));
            }
        }
        return findings;
    }

    /// What kept one of them from looking kept all.
    static List<Finding> blind(Set<String> required, CannotLookException e) {
        return required.stream()
                .sorted()
                .<Finding>map(
                        probe ->
                                new Finding.Blind(
                                        probe, String.valueOf(e.getMessage()), e.remedy()))
                .toList();
    }
}
