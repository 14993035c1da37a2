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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The guard of the machine it runs on: plants the controls, looks once at everything, asks each
/// required probe, adds up.
public final class HostGuard implements Guard {
    /// Until then a probe has answered, or it is blind.
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final Map<FileKey, Descriptor> held;

    public HostGuard() {
        this(Map.of());
    }

    /// @param held what the interlock already holds
    HostGuard(Map<FileKey, Descriptor> held) {
        this.held = held;
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

    /// A thread that is stuck in the kernel is left behind; it is a daemon.
    private List<Finding> byDeadline(GuardRequest request, Path folder, Set<String> required) {
        var answer = new CompletableFuture<List<Finding>>();
        Thread.ofPlatform()
                .daemon()
                .name("guard-look")
                .start(
                        () -> {
                            try {
                                answer.complete(look(request, folder, required));
                            } catch (RuntimeException e) {
                                answer.completeExceptionally(e);
                            }
                        });
        try {
            return answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return List.of(
                    new Finding.Blind(
                            "deadline",
                            "looking took longer than " + DEADLINE.toSeconds() + " s",
                            "free the disk or process that hangs"));
        } catch (ExecutionException e) {
            return List.of(
                    new Finding.Blind(
                            "guard",
                            "a fault of the guard: " + e.getCause(),
                            "report it; nothing was proved"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(new Finding.Blind("guard", "interrupted", "ask again"));
        }
    }

    private List<Finding> look(GuardRequest request, Path folder, Set<String> required) {
        try {
            Tree tree = Tree.walk(folder);
            try (Decoys decoys =
                    Decoys.plant(request.view().stateFolder(), folder, tree.device())) {
                ProcessTable table = ProcessTable.read();
                decoys.sawMounts(table.ownMounts());
                Place place = Place.of(tree, table.ownMounts(), request.view().addresses());
                var world = new World(request, place, table, decoys, held);
                var findings = new ArrayList<Finding>();
                for (Probe probe : Probes.all()) {
                    if (required.contains(probe.name())) {
                        findings.add(probe.examine(world));
                    }
                }
                return findings;
            }
        } catch (CannotLookException e) {
            return List.of(new Finding.Blind("target", String.valueOf(e.getMessage()), e.remedy()));
        }
    }
}
