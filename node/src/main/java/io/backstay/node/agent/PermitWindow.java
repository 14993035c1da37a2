package io.backstay.node.agent;

import java.time.Duration;
import java.util.Optional;

/// The time within which an act on a permit must begin, on the boot clock: a suspended machine
/// wakes up with a permit that is over.
///
/// @param issuedSinceBoot when the nonce was drawn
record PermitWindow(Duration issuedSinceBoot, Duration validFor) {

    /// It is over: thrown before anything is written or done.
    static final class OverException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OverException(String why) {
            super(why);
        }
    }

    /// Why no act may begin now; empty if one may.
    Optional<String> fault(Duration sinceBoot) {
        Duration age = sinceBoot.minus(issuedSinceBoot);
        return age.isNegative() || age.compareTo(validFor) > 0
                ? Optional.of(
                        "permit.expired: the permit was good for %d seconds until the act begins, it is %d ms old"
                                .formatted(validFor.toSeconds(), age.toMillis()))
                : Optional.empty();
    }

    void requireOpen(Duration sinceBoot) {
        Optional<String> fault = fault(sinceBoot);
        if (fault.isPresent()) {
            throw new OverException(fault.get());
        }
    }
}
