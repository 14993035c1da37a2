package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import java.util.ArrayList;
import java.util.List;

/// Does anybody have a file open or mapped, by the kernel's own count? Needs no right to read the
/// other process.
final class OpenCountProbe implements Probe {
    private static final int NAMES_SHOWN = 6;

    @Override
    public String name() {
        return "open-count";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (Tree.Entry file :
                ManyAtOnce.those(place.tree().files(), file -> isOpen(file, world))) {
            life.add(file.relative());
        }
        int shown = Math.min(NAMES_SHOWN, life.size());
        return life.isEmpty()
                ? life
                : List.of(
                        "%d files are open or mapped: %s%s"
                                .formatted(
                                        life.size(),
                                        String.join(", ", life.subList(0, shown)),
                                        life.size() > shown ? ", ..." : ""));
    }

    private static boolean isOpen(Tree.Entry file, World world) throws CannotLookException {
        try {
            Descriptor held = world.held().get(file.key());
            if (held != null) {
                return held.isOpenElsewhere();
            }
            try (Descriptor descriptor = Descriptor.openToLook(file.path())) {
                return descriptor.isOpenElsewhere();
            }
        } catch (KernelRefusedException e) {
            throw new CannotLookException(
                    String.valueOf(e.getMessage()), "run as root, on a file system with leases");
        }
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        return found(world, List.of(world.decoys().opened()));
    }

    @Override
    public String lookedAt(World world) {
        return "open counts of %d files".formatted(world.target().tree().files().size());
    }
}
