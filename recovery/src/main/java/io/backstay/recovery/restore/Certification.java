package io.backstay.recovery.restore;

import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.proof.Witness;
import java.util.Optional;
import java.util.function.Consumer;

/// Who witnesses a restore, and where its certificate goes.
///
/// @param witness empty if no standard tool is there, or none is wanted
/// @param keeper takes the certificate before the restore's marker goes: what it throws leaves a
///   restore that can be gone on with
public record Certification(Optional<Witness> witness, Consumer<Certificate> keeper) {

    public static Certification none() {
        return new Certification(Optional.empty(), _ -> {});
    }
}
