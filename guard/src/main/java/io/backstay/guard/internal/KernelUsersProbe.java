package io.backstay.guard.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Does the kernel itself use a file of the place, as swap or as a loop device's medium? It needs
/// no process for that, and the file may be deleted.
final class KernelUsersProbe implements Probe {
    @Override
    public String name() {
        return "kernel-users";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        return lifeAt(place, world, Path.of("/"));
    }

    private static List<String> lifeAt(Place place, World world, Path root)
            throws CannotLookException {
        var life = new ArrayList<String>();
        for (KernelUsers user : KernelUsers.read(root)) {
            boolean isHere =
                    world.table()
                            .ownNames()
                            .inside(user.name(), place.tree().device())
                            .filter(name -> Mount.isAtOrBelow(name, place.inside()))
                            .isPresent();
            if (isHere) {
                life.add(
                        "%s uses %s%s"
                                .formatted(
                                        user.by(),
                                        user.name(),
                                        user.deleted() ? ", which is deleted" : ""));
            }
        }
        return life;
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        var proofs = new ArrayList<String>();
        for (Decoys.Decoy decoy : world.decoys().fed()) {
            List<String> life = lifeAt(decoy.place(), world, world.decoys().lies());
            if (life.stream().noneMatch(sentence -> sentence.contains(decoy.mark()))) {
                throw failed("did not find its decoy: " + decoy.what());
            }
            proofs.add("found " + decoy.what());
        }
        if (!lifeAt(world.decoys().empty(), world).isEmpty()) {
            throw failed("sees life in an empty folder");
        }
        proofs.add("called an empty folder clear");
        return proofs;
    }

    @Override
    public String lookedAt(World world) {
        return "swap areas, loop and zram devices";
    }

    @Override
    public List<String> notSeen(World world) {
        return List.of("swap files and loop devices that were made under names of a container");
    }
}
