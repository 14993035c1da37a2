package io.backstay.guard;

import org.junit.jupiter.api.Test;

/// Somebody moves in, out, or swaps what the name leads to, at a moment that a seed chooses, while
/// a folder is wiped under the guard. Whatever is alive when the wipe begins must be there at the
/// end. Runs as root: the guard does. `make race` plays many more, with servers: see [RaceIT].
class RaceTest {
    @Test
    void nothingAliveIsTouchedInAnyWindow() throws Exception {
        RaceSeeds.play(24, RaceMove.withoutServers());
    }
}
