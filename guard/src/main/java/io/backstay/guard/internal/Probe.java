package io.backstay.guard.internal;

import java.util.ArrayList;
import java.util.List;

/// One way of looking at a folder.
interface Probe extends Look<World> {

    /// Signs of life at a place, a sentence each; empty if it looked and there are none.
    List<String> lifeAt(Place place, World world) throws CannotLookException;

    @Override
    default List<String> life(World world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (Place place : world.places()) {
            lifeAt(place, world).forEach(said -> life.add(place.where() + said));
        }
        return life;
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
}
