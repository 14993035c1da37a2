package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        for (ProcessFacts process : world.table().processes()) {
            for (int i = 0; i < process.args().size(); i++) {
                Optional<String> named = DataDirectory.namedBy(process.args(), i);
                if (named.isPresent() && isHere(process, named.get(), place, world)) {
                    life.add(
                            "%s was started with %s"
                                    .formatted(process.label(), process.args().get(i)));
                }
            }
        }
        if (life.isEmpty()) {
            world.table().requireAllRead();
        }
        return life;
    }

    /// By inode where the path exists, seen from that process's own root; else by name.
    private static boolean isHere(ProcessFacts process, String named, Place place, World world) {
        if (!named.startsWith("/")) {
            return false; // relative to a working directory, which is a holding of its own
        }
        Path proc = Path.of("/proc", Integer.toString(process.pid()), "root");
        Path seen = Path.of(proc + named);
        try {
            if (Files.exists(seen, LinkOption.NOFOLLOW_LINKS)) {
                return place.tree().keys().contains(FileKey.of(seen));
            }
        } catch (IOException e) {
            return nameIsHere(process, named, place, world);
        }
        return nameIsHere(process, named, place, world);
    }

    private static boolean nameIsHere(
            ProcessFacts process, String named, Place place, World world) {
        return Mount.inside(world.table().mountsOf(process), named, place.tree().device())
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
