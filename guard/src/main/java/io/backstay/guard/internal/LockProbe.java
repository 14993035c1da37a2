package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import java.util.ArrayList;
import java.util.List;

/// Does anybody lock a file here? Asks the kernel, in whatever namespace the holder lives, and
/// takes nothing: a lock taken for an instant could stop a server that starts.
final class LockProbe implements Probe {
    @Override
    public String name() {
        return "lock";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (Tree.Entry file :
                ManyAtOnce.those(place.tree().files(), file -> isLocked(file, world))) {
            life.add(file.relative() + " is locked");
        }
        return life;
    }

    private static boolean isLocked(Tree.Entry file, World world) throws CannotLookException {
        Descriptor held = world.held().get(file.key());
        if (held != null) {
            return held.isLockedElsewhere();
        }
        try (Descriptor descriptor = Descriptor.openToLook(file.path())) {
            return descriptor.isLockedElsewhere();
        } catch (KernelRefusedException e) {
            throw new CannotLookException(String.valueOf(e.getMessage()), "run as root");
        }
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        return found(world, List.of(world.decoys().locked()));
    }

    @Override
    public String lookedAt(World world) {
        return "locks of %d files".formatted(world.target().tree().files().size());
    }
}
