package io.backstay.guard.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Is anything mounted on or below the place, or is the place mounted elsewhere, in any mount
/// namespace?
final class MountsProbe implements Probe {
    @Override
    public String name() {
        return "mounts";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (Map.Entry<String, List<Mount>> namespace : world.table().mounts().entrySet()) {
            for (Mount mount : namespace.getValue()) {
                if (isOnOrBelow(mount, namespace.getValue(), place)) {
                    life.add(
                            "%s is mounted on %s in %s"
                                    .formatted(mount.type(), mount.point(), namespace.getKey()));
                } else if (isSource(mount, place)) {
                    life.add(
                            "%s of it is mounted at %s in %s"
                                    .formatted(mount.root(), mount.point(), namespace.getKey()));
                }
            }
        }
        for (Tree.Entry entry : place.tree().entries()) {
            if (entry.kind() == Tree.Kind.MOUNTED) {
                life.add(entry.relative() + " is another file system");
            }
        }
        if (life.isEmpty()) {
            world.table().requireAllRead();
        }
        return life;
    }

    /// Compares inside the file system that the mount point lies on, so that the place is found
    /// under whatever name that namespace has for it.
    private static boolean isOnOrBelow(Mount mount, List<Mount> all, Place place) {
        if (mount.point().equals(place.tree().folder().toString())) {
            return true;
        }
        for (Mount parent : all) {
            if (parent.id() == mount.parent()
                    && parent.device() == place.tree().device()
                    && Mount.isAtOrBelow(mount.point(), parent.point())
                    && !mount.point().equals("/")) {
                int skip = parent.point().equals("/") ? 0 : parent.point().length();
                String inside = Mount.join(parent.root(), mount.point().substring(skip));
                return Mount.isAtOrBelow(inside, place.inside());
            }
        }
        return false;
    }

    private static boolean isSource(Mount mount, Place place) {
        return mount.device() == place.tree().device()
                && !mount.root().equals("/")
                && Mount.isAtOrBelow(mount.root(), place.inside());
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        return found(world, List.of(world.decoys().mounted()));
    }

    @Override
    public String lookedAt(World world) {
        return "%d mounts in %d mount namespaces"
                .formatted(
                        world.table().mounts().values().stream().mapToInt(List::size).sum(),
                        world.table().mounts().size());
    }

    @Override
    public List<String> notSeen(World world) {
        return List.of("mount namespaces in which no process lives");
    }
}
