package io.backstay.guard;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The same race with real servers that start and stop in the folder, and with the copies of two
/// members of a cluster sent at once.
class RaceIT {
    @Test
    void noServerAndNoPairIsTouchedInAnyWindow() throws Exception {
        if (RaceSeeds.SEEDS > 0) {
            RaceSeeds.play(RaceSeeds.SEEDS, List.of(RaceMove.values()));
        } else {
            RaceSeeds.play(18, RaceMove.withServers());
        }
    }
}
