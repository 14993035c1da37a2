package io.backstay.guard.internal;

import io.backstay.doors.Time;
import io.backstay.doors.kernel.Descriptor;
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
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final Map<FileKey, Descriptor> held;
    private final Map<String, Long> leases;

    public HostGuard() {
        this(Map.of(), Map.of());
    }

    /// @param held what the interlock already holds
    /// @param leases connection ids of its leases, by peer
    HostGuard(Map<FileKey, Descriptor> held, Map<String, Long> leases) {
        this.held = held;
        this.leases = leases;
    }

    @Override
    public GuardAnswer check(GuardRequest request) {
        long started = System.nanoTime();
        Instant at = Instant.now();
        Set<String> required = RequiredProbes.of(request);
        List<Finding> findings =
                switch (request.target()) {
                    case Target.PathTarget(Path folder) -> byDeadline(request, folder, required);
                    case Target.DeviceTarget _ -> List.of(notExamined("device"));
                    case Target.HostTarget _ -> List.of(notExamined("host"));
                };
        return new GuardAnswer(
                request.operation(),
                request.target().text(),
                Verdict.of(required, findings),
                findings,
                Time.bootId(),
                at,
                Duration.ofNanos(System.nanoTime() - started));
    }

    private static Finding notExamined(String kind) {
        return new Finding.Blind(
                kind, "a " + kind + " is not examined in this version", "name a folder: path:DIR");
    }

    private List<Finding> byDeadline(GuardRequest request, Path folder, Set<String> required) {
        try {
            return WithinDeadline.await(
                    WithinDeadline.begin("guard-look", () -> look(request, folder, required)),
                    DEADLINE,
                    "looking",
                    "free the disk or process that hangs; report any other fault");
        } catch (CannotLookException e) {
            return blind(required, e);
        }
    }

    private List<Finding> look(GuardRequest request, Path folder, Set<String> required) {
        try {
            Tree tree = Tree.walk(folder);
            var covered = Covered.by(folder, Mount.own());
            try (Decoys decoys =
                    Decoys.plant(
                            request.view().stateFolder(),
                            folder,
                            tree.device(),
                            covered.map(Covered::parentPoint))) {
                ProcessTable table = ProcessTable.read();
                decoys.sawMounts(table.ownMounts());
                Place place = Place.of(tree, table.ownMounts(), request.view().addresses());
                Optional<Place> beneath = Optional.empty();
                if (covered.isPresent()) {
                    beneath = Optional.of(covered.get().place(decoys.seenUncovered()));
                }
                var world = new World(request, place, beneath, table, decoys, held, leases);
                var findings = new ArrayList<Finding>();
                for (Probe probe : Probes.all()) {
                    if (required.contains(probe.name())) {
                        findings.add(probe.examine(world));
                    }
                }
                return findings;
            }
        } catch (CannotLookException e) {
            return blind(required, e);
        }
    }

    /// What kept one of them from looking kept all.
    private static List<Finding> blind(Set<String> required, CannotLookException e) {
        return required.stream()
                .sorted()
                .<Finding>map(
                        probe ->
                                new Finding.Blind(
                                        probe, String.valueOf(e.getMessage()), e.remedy()))
                .toList();
    }
}
