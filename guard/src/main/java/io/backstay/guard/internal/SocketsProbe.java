package io.backstay.guard.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Does anybody listen for this place: on a unix socket below it, on its host's own address, or as
/// a process that holds it? Looks into every network namespace that a process lives in.
final class SocketsProbe implements Probe {
    @Override
    public String name() {
        return "sockets";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var life = new ArrayList<String>();
        var unattributed = new ArrayList<Listener>();
        for (Listener listener : world.table().listeners()) {
            List<ProcessFacts> owners = world.table().ownersOf(listener.inode());
            if (listener.unix()) {
                if (isBoundBelow(listener, owners, place, world)) {
                    life.add(sentence(listener, owners));
                }
                continue;
            }
            boolean isExact = place.addresses().contains(listener.address());
            boolean mayBeOurs =
                    !place.addresses().isEmpty()
                            && listener.address().equals(Listener.ALL)
                            && listener.namespace().equals(world.table().ownNetwork());
            if (owners.isEmpty() && (isExact || mayBeOurs)) {
                unattributed.add(listener);
            }
            for (ProcessFacts owner : owners) {
                if (isExact ? !isElsewhere(owner, place, world) : holds(owner, place, world)) {
                    life.add(sentence(listener, List.of(owner)));
                }
            }
        }
        judgeUnattributed(unattributed, place, world, life);
        if (life.isEmpty()) {
            world.table().requireAllRead();
        }
        return life.stream().distinct().toList();
    }

    /// A listener without an owner: it began or ended while we looked, or its owner is hidden.
    private static void judgeUnattributed(
            List<Listener> unattributed, Place place, World world, List<String> life)
            throws CannotLookException {
        if (unattributed.isEmpty()) {
            return;
        }
        Set<Long> now = ProcessTable.socketsNow();
        for (Listener listener : unattributed) {
            boolean isExact = place.addresses().contains(listener.address());
            if (!world.table().isStillThere(listener)) {
                continue;
            }
            if (isExact) {
                life.add(listener.label() + " is listened on by a process that is not seen");
            } else if (!now.contains(listener.inode()) && world.table().excused().isEmpty()) {
                throw new CannotLookException(
                        listener.label() + " is listened on by a process that is not seen",
                        "run as root, outside of a container");
            }
        }
    }

    private static boolean isBoundBelow(
            Listener listener, List<ProcessFacts> owners, Place place, World world) {
        if (listener.address().isEmpty()) {
            return false;
        }
        // an abstract one that is called as a file would be
        String name = listener.address().replaceFirst("^@", "");
        var seen = new ArrayList<Optional<String>>();
        long device = place.tree().device();
        if (name.startsWith("/")) {
            seen.add(world.table().ownNames().inside(name, device));
        }
        for (ProcessFacts owner : owners) {
            String path = name.startsWith("/") ? name : ProcessesProbe.folderOf(owner) + "/" + name;
            seen.add(world.table().mountsOf(owner).inside(path, device));
        }
        return seen.stream()
                .flatMap(Optional::stream)
                .anyMatch(path -> Mount.isAtOrBelow(path, place.inside()));
    }

    private static boolean isElsewhere(ProcessFacts owner, Place place, World world)
            throws CannotLookException {
        return Scope.elsewhere(owner, place, world.table().mountsOf(owner)).isPresent();
    }

    private static boolean holds(ProcessFacts owner, Place place, World world)
            throws CannotLookException {
        return !world.holdings(owner, place).isEmpty();
    }

    private static String sentence(Listener listener, List<ProcessFacts> owners) {
        return owners.isEmpty()
                ? listener.label() + " is listened on"
                : "%s listens on %s".formatted(owners.getFirst().label(), listener.label());
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        var proofs = new ArrayList<>(found(world, world.decoys().listening()));
        long inode = world.decoys().foreignSocketInode();
        boolean seen =
                world.table().listeners().stream()
                        .anyMatch(
                                l ->
                                        l.inode() == inode
                                                && !l.namespace()
                                                        .equals(world.table().ownNetwork()));
        if (!seen) {
            throw failed("did not find its decoy: a listener in another network namespace");
        }
        proofs.add("found a listener in another network namespace");
        return proofs;
    }

    @Override
    public String lookedAt(World world) {
        long namespaces =
                world.table().listeners().stream().map(Listener::namespace).distinct().count();
        return "%d listening sockets in %d network namespaces, own addresses %s"
                .formatted(
                        world.table().listeners().size(),
                        namespaces,
                        world.target().addresses().isEmpty()
                                ? "not known"
                                : String.join(", ", world.target().addresses()));
    }

    @Override
    public List<String> notSeen(World world) {
        var notSeen = new ArrayList<>(world.table().notSeen());
        notSeen.add("network namespaces in which no process lives");
        return notSeen;
    }
}
