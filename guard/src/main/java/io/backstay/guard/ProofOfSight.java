package io.backstay.guard;

import java.util.List;

/// Why "nothing found" may be believed.
///
/// @param controls the decoys this probe found, and the empty places it called clear, in this very
///   check; never empty
/// @param lookedAt what was examined, with counts
/// @param privileges with which rights it looked
/// @param notSeen what this probe cannot see and did not claim to, by name; may be empty
public record ProofOfSight(
        List<String> controls, String lookedAt, String privileges, List<String> notSeen) {

    public ProofOfSight {
        if (controls.isEmpty()) {
            throw new IllegalArgumentException(
                    "no control was found, so nothing was proved: " + lookedAt);
        }
        controls = List.copyOf(controls);
        notSeen = List.copyOf(notSeen);
    }
}
