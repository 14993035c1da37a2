package io.backstay.guard.internal;

import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.guard.internal.ProcessFacts.Held;
import io.backstay.guard.internal.ProcessFacts.How;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A machine as a test draws it: a real folder, and whatever processes, mounts and sockets the test
/// says there are. Without controls: for what a probe finds, not for what it proves.
final class Sketch {
    static final String NETWORK = "net:[1]";
    static final String MOUNTS = "mnt:[1]";

    final Path folder;
    final List<ProcessFacts> processes = new ArrayList<>();
    final Map<String, List<Mount>> mounts = new HashMap<>();
    final List<Listener> listeners = new ArrayList<>();
    final List<String> unread = new ArrayList<>();
    Set<String> addresses = Set.of();
    Optional<String> excused = Optional.empty();
    List<Tree.Entry> more = List.of();
    HostView view;
    private final List<Mount> own;

    Sketch(Path folder) throws CannotLookException {
        this.folder = folder;
        own = Mount.own();
        mounts.put(MOUNTS, List.of());
        view = HostView.unconfigured(folder.resolveSibling("state"));
    }

    World world() throws CannotLookException {
        return new World(
                new GuardRequest("wipe", new Target.PathTarget(folder), view),
                place(),
                Optional.empty(),
                table(own),
                null,
                Map.of(),
                Map.of());
    }

    World worldOn(List<Mount> ownMounts) throws CannotLookException {
        return new World(
                new GuardRequest("wipe", new Target.PathTarget(folder), view),
                place(),
                Optional.empty(),
                table(ownMounts),
                null,
                Map.of(),
                Map.of());
    }

    private ProcessTable table(List<Mount> ownMounts) {
        return new ProcessTable(
                List.copyOf(processes),
                Map.copyOf(mounts),
                Map.of(),
                ownMounts,
                List.copyOf(listeners),
                NETWORK,
                List.copyOf(unread),
                excused);
    }

    Place place() throws CannotLookException {
        Tree tree = Tree.walk(folder);
        if (!more.isEmpty()) {
            var entries = new ArrayList<>(tree.entries());
            entries.addAll(more);
            tree = new Tree(folder, entries, tree.keys());
        }
        return Place.of(tree, own, addresses);
    }

    /// Its folder as its own file system has it.
    String inside() throws CannotLookException {
        return place().inside();
    }

    long device() throws CannotLookException {
        return place().tree().device();
    }

    /// One entry that is not really there.
    Tree.Entry entry(String name, Tree.Kind kind, int linkCount) {
        return new Tree.Entry(folder.resolve(name), name, new FileKey(1, 1), kind, linkCount, 0);
    }

    Sketch process(int pid, List<String> args, Held... held) {
        processes.add(process(pid, args, Set.of(), List.of(), held));
        return this;
    }

    static ProcessFacts process(
            int pid, List<String> args, Set<Long> sockets, List<String> unreadable, Held... held) {
        return new ProcessFacts(
                pid, "some", List.of(held), sockets, args, NETWORK, MOUNTS, unreadable);
    }

    Held held(How how, String name, boolean deleted) throws CannotLookException {
        return new Held(
                how,
                new FileKey(device(), 1),
                folder.resolve(name).normalize().toString(),
                deleted,
                -1);
    }

    static Held elsewhere(How how, String text) {
        return new Held(how, new FileKey(-7, 7), text, false, -1);
    }

    /// The life that a probe sees, or the reason why it sees nothing.
    static List<String> seen(Probe probe, Sketch sketch) throws CannotLookException {
        World world = sketch.world();
        try {
            return probe.lifeAt(world.target(), world);
        } catch (CannotLookException e) {
            return List.of("BLIND " + e.getMessage());
        }
    }
}
