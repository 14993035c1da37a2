package io.backstay.guard.internal;

import io.backstay.guard.Finding;
import io.backstay.guard.ProofOfSight;
import java.util.ArrayList;
import java.util.List;

/// One way of looking at a place. Reports nothing before it has found its own decoys.
interface Probe {

    String name();

    /// Signs of life at a place, a sentence each; empty if it looked and there are none.
    List<String> lifeAt(Place place, World world) throws CannotLookException;

    /// Finds the decoys, and calls the empty place clear.
    ///
    /// @return what was found, for the proof; never empty
    List<String> controls(World world) throws CannotLookException;

    String lookedAt(World world);

    default List<String> notSeen(World world) {
        return List.of();
    }

    /// The whole examination: controls first, then the target.
    default Finding examine(World world) {
        try {
            var life = new ArrayList<String>();
            for (Place place : world.places()) {
                lifeAt(place, world).forEach(said -> life.add(place.where() + said));
            }
            if (!life.isEmpty()) {
                return new Finding.Live(name(), String.join("; ", life));
            }
            return new Finding.Clear(
                    name(),
                    new ProofOfSight(
                            controls(world), lookedAt(world), Privileges.own(), notSeen(world)));
        } catch (CannotLookException e) {
            return new Finding.Blind(name(), String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// The usual control: each decoy is live for a stated reason, the empty place is not.
    default List<String> found(World world, List<Decoys.Decoy> decoys) throws CannotLookException {
        var proofs = new ArrayList<String>();
        for (Decoys.Decoy decoy : decoys) {
            List<String> life = lifeAt(decoy.place(), world);
            if (life.stream().noneMatch(sentence -> sentence.contains(decoy.mark()))) {
                throw failed("did not find its decoy: " + decoy.what());
            }
            proofs.add("found " + decoy.what());
        }
        List<String> ghosts = lifeAt(world.decoys().empty(), world);
        if (!ghosts.isEmpty()) {
            throw failed("sees life in an empty folder: " + ghosts.getFirst());
        }
        proofs.add("called an empty folder clear");
        return proofs;
    }

    default CannotLookException failed(String how) {
        return new CannotLookException(
                "the probe failed its control: it " + how, "run as root, outside of a container");
    }
}
