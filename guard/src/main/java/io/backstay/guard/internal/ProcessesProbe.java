package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Does any process say in its arguments that its data lies here? Sees a server that starts and has
/// opened nothing yet.
final class ProcessesProbe implements Probe {
    @Override
    public String name() {
        return "processes";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var life = new ArrayList<String>();
        var homeless = new ArrayList<String>();
        Set<Integer> callers = callers();
        for (ProcessFacts process : world.table().processes()) {
            boolean isServer = process.args().stream().anyMatch(DataDirectory::isServerWord);
            boolean isPlaced = process.pid() == ProcessHandle.current().pid();
            if (callers.contains(process.pid()) && !isServer) {
                continue; // the script that asks names the folder, too
            }
            for (int i = 0; i < process.args().size(); i++) {
                Optional<String> named = DataDirectory.namedBy(process.args(), i, isServer);
                if (named.isPresent() && isHere(process, named.get(), place, world)) {
                    life.add(
                            "%s was started with %s"
                                    .formatted(process.label(), process.args().get(i)));
                }
                isPlaced |= DataDirectory.isDataOption(process.args().get(i));
            }
            if (DataDirectory.isServer(process) && !isPlaced && !hasData(process)) {
                homeless.add(process.label());
            }
        }
        if (life.isEmpty() && !homeless.isEmpty()) {
            throw new CannotLookException(
                    homeless.getFirst()
                            + " is a database server, and where its data lies is not"
                            + " seen",
                    "wait until it has opened its data, or stop it");
        }
        if (life.isEmpty()) {
            world.table().requireAllRead();
        }
        return life;
    }

    /// By inode where the path exists, seen from that process's own root; else by name.
    private static boolean isHere(ProcessFacts process, String named, Place place, World world) {
        if (named.isEmpty()) {
            return false;
        }
        Path proc = Path.of("/proc", Integer.toString(process.pid()));
        Path seen =
                named.startsWith("/")
                        ? Path.of(proc.resolve("root") + named)
                        : proc.resolve("cwd").resolve(named);
        try {
            if (place.tree().keys().contains(FileKey.of(seen))) {
                return true;
            }
        } catch (IOException e) {
            // not there yet, or not any more: its name decides
        }
        return nameIsHere(process, named, place, world);
    }

    static String folderOf(ProcessFacts process) {
        return process.held().stream()
                .filter(held -> held.how() == ProcessFacts.How.WORKING_DIRECTORY)
                .map(ProcessFacts.Held::text)
                .findFirst()
                .orElse("/");
    }

    private static boolean hasData(ProcessFacts process) {
        return !process.unreadable().isEmpty()
                || process.held().stream().anyMatch(held -> DataDirectory.isAnchor(held.text()));
    }

    private static Set<Integer> callers() {
        var callers = new HashSet<Integer>();
        Optional<ProcessHandle> at = ProcessHandle.current().parent();
        while (at.isPresent() && callers.add((int) at.get().pid())) {
            at = at.get().parent();
        }
        return callers;
    }

    private static boolean nameIsHere(
            ProcessFacts process, String named, Place place, World world) {
        String path = named.startsWith("/") ? named : folderOf(process) + "/" + named;
        return world.table()
                .mountsOf(process)
                .inside(Path.of(path).normalize().toString(), place.tree().device())
                .filter(name -> Mount.isAtOrBelow(name, place.inside()))
                .isPresent();
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        return found(world, List.of(world.decoys().named()));
    }

    @Override
    public String lookedAt(World world) {
        return "arguments of %d processes".formatted(world.table().processes().size());
    }

    @Override
    public List<String> notSeen(World world) {
        return world.table().notSeen();
    }
}
