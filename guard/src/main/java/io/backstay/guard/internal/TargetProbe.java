package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Is the folder what it was called: one real folder, on a file system whose file identities can be
/// relied on, apart from the guard's own?
final class TargetProbe implements Probe {
    private static final Set<String> PROVEN_FILE_SYSTEMS =
            Set.of("ext2", "ext3", "ext4", "xfs", "tmpfs");

    @Override
    public String name() {
        return "target";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        Path folder = place.tree().folder();
        var life = new ArrayList<String>();
        try {
            Path real = folder.toRealPath();
            if (!real.equals(folder)) {
                throw new CannotLookException(
                        folder + " is really " + real, "name the real folder");
            }
            Path state = world.request().view().stateFolder();
            if (Files.exists(state) && state.toRealPath().startsWith(real)) {
                life.add("the guard's own state lies in it: " + state);
            }
        } catch (IOException e) {
            throw new CannotLookException(
                    folder + " cannot be resolved: " + e.getMessage(), "name an existing folder");
        }
        String type =
                Mount.of(world.table().ownMounts(), folder.toString())
                        .map(Mount::type)
                        .orElse("unknown");
        if (!PROVEN_FILE_SYSTEMS.contains(type)) {
            throw new CannotLookException(
                    "file system " + type + " is not examined in this version",
                    "use ext4, xfs or tmpfs");
        }
        return life;
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        if (!lifeAt(world.decoys().empty(), world).isEmpty()) {
            throw failed("refused a folder of its own");
        }
        return List.of("accepted a real folder");
    }

    @Override
    public String lookedAt(World world) {
        return "%s: device %d, inode %d, %d entries"
                .formatted(
                        world.target().tree().folder(),
                        world.target().tree().device(),
                        world.target().tree().entries().getFirst().key().inode(),
                        world.target().tree().entries().size());
    }

    @Override
    public List<String> notSeen(World world) {
        return world.decoys().isOn(world.target().tree().device())
                ? List.of()
                : List.of("the controls lie on another file system than the target");
    }
}
