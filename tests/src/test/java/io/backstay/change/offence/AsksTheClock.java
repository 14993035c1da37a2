package io.backstay.change.offence;

import java.time.Instant;

/// A pure module with a clock, on purpose.
final class AsksTheClock {
    Instant now() {
        return Instant.now();
    }
}
