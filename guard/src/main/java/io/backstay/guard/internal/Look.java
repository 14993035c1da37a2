package io.backstay.guard.internal;

import io.backstay.guard.Finding;
import io.backstay.guard.ProofOfSight;
import java.util.List;

/// One way of looking. Reports nothing before it has found its own decoys.
///
/// @param <W> all there is to look at
interface Look<W> {

    String name();

    /// Signs of life, a sentence each; empty if it looked and there are none.
    List<String> life(W world) throws CannotLookException;

    /// Finds the decoys, and calls an empty place clear.
    ///
    /// @return what was found, for the proof; never empty
    List<String> controls(W world) throws CannotLookException;

    String lookedAt(W world);

    default List<String> notSeen(W world) {
        return List.of();
    }

    /// The whole examination. Only what is live needs no control.
    default Finding examine(W world) {
        try {
            List<String> life = life(world);
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

    default CannotLookException failed(String how) {
        return new CannotLookException(
                "the probe failed its control: it " + how, "run as root, outside of a container");
    }
}
