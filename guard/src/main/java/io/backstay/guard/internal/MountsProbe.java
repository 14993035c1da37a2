package io.backstay.guard.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
                said(mount, namespace.getValue(), place, world)
                        .ifPresent(what -> life.add(what + " in " + namespace.getKey()));
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

    private static Optional<String> said(Mount mount, List<Mount> all, Place place, World world) {
        if (isTargetsOwn(mount, world)) {
            return Optional.empty();
        }
        if (isOnOrBelow(mount, all, place)) {
            return Optional.of("%s is mounted on %s".formatted(mount.type(), mount.point()));
        }
        if (isSource(mount, place)) {
            return Optional.of("%s of it is mounted at %s".formatted(mount.root(), mount.point()));
        }
        for (String folder : mount.folders()) {
            boolean isHere =
                    Mount.inside(all, folder, place.tree().device())
                            .filter(inside -> Mount.isAtOrBelow(inside, place.inside()))
                            .isPresent();
            if (isHere) {
                return Optional.of(
                        "%s at %s shows %s".formatted(mount.type(), mount.point(), folder));
            }
        }
        return Optional.empty();
    }

    /// The file system that is the target, where the target is its mount point, and that mount's
    /// copies in other namespaces.
    private static boolean isTargetsOwn(Mount mount, World world) {
        Tree target = world.target().tree();
        return mount.device() == target.device()
                && mount.root().equals("/")
                && world.target().inside().equals("/")
                && mount.point().equals(target.folder().toString());
    }

    /// Compares inside the file system that the mount point lies on, so that the place is found
    /// under whatever name that namespace has for it.
    private static boolean isOnOrBelow(Mount mount, List<Mount> all, Place place) {
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
