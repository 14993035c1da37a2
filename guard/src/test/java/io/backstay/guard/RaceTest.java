package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Somebody moves in, out, or swaps what the name leads to, at a moment that a seed chooses, while
/// a folder is wiped under the guard. Whatever is alive when the wipe begins must be there at the
/// end. Runs as root: the guard does.
///
/// `-Dbackstay.race.seeds=N -Dbackstay.race.from=SEED`; a failure names its seed.
class RaceTest {
    private static final int SEEDS = Integer.getInteger("backstay.race.seeds", 20);
    private static final long FROM = Long.getLong("backstay.race.from", 1);

    @Test
    void nothingAliveIsTouchedInAnyWindow() throws Exception {
        Map<RaceRound.Window, Integer> hits = new EnumMap<>(RaceRound.Window.class);
        Map<String, Integer> ends = new TreeMap<>();
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            try (var round = new RaceRound(seed)) {
                RaceRound.Told told = round.run();
                hits.merge(told.window(), 1, Integer::sum);
                ends.merge(told.move() + " " + told.end(), 1, Integer::sum);
                System.out.println(told);
                assertThat(told.harm()).as("seed " + seed).isEmpty();
            }
        }
        System.out.println("RACE " + SEEDS + " seeds from " + FROM + ", windows hit: " + hits);
        System.out.println("RACE ends: " + ends);
        if (SEEDS >= 2000) {
            for (RaceRound.Window window : RaceRound.Window.values()) {
                assertThat(hits.getOrDefault(window, 0)).as(window.name()).isGreaterThan(49);
            }
        }
        assertThat(hits).hasSizeGreaterThan(SEEDS < 20 ? 0 : 2);
    }
}
