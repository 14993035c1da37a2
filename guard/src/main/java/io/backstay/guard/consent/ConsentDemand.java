package io.backstay.guard.consent;

import java.util.Locale;
import java.util.Optional;

/// What a consent must be for, in the words of whoever is about to destroy.
///
/// @param host the owner of the key that must have signed
/// @param target as text, not as something on this machine: the target is on the host
/// @param hardwareUuid of the machine that will be destroyed, lower case; empty if nobody knows it
///   here, so that only the key says which machine consented
public record ConsentDemand(
        String host, String operation, String target, Optional<String> hardwareUuid) {
    public ConsentDemand {
        hardwareUuid = hardwareUuid.map(uuid -> uuid.toLowerCase(Locale.ROOT));
    }
}
