package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.guard.RaceWindows.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Plays seeds one after the other, each aimed at the next window. A failure names its seed.
///
/// `-Dbackstay.race.seeds=N -Dbackstay.race.from=SEED`; `-Dbackstay.race.report=FILE` is written
/// with a line for each window and each end, for the documents.
final class RaceSeeds {
    static final int SEEDS = Integer.getInteger("backstay.race.seeds", 0);
    private static final long FROM = Long.getLong("backstay.race.from", 1);
    private static final int ENOUGH = 50;

    private final Map<Window, Integer> hits = new EnumMap<>(Window.class);
    private final Map<String, Integer> ends = new TreeMap<>();
    private final Set<Window> aimed = EnumSet.noneOf(Window.class);

    static void play(int seeds, List<RaceMove> moves) throws Exception {
        new RaceSeeds().run(seeds, moves);
    }

    private void run(int seeds, List<RaceMove> moves) throws Exception {
        try (var pair = new LazyPair()) {
            for (long seed = FROM; seed < FROM + seeds; seed++) {
                RaceMove move = moveOf(seed, moves);
                RaceTold told = play(seed, move, pair);
                hits.merge(told.window(), 1, Integer::sum);
                ends.merge(told.move() + " " + told.met() + " " + told.end(), 1, Integer::sum);
                aimed.add(RaceWindows.aimOf(seed, move));
                System.out.println(told);
                assertThat(told.harm()).as("seed " + seed).isEmpty();
            }
        }
        report(seeds);
        // a guard that refuses everything would pass otherwise
        assertThat(ends.keySet()).anyMatch(end -> end.endsWith(" Done"));
        assertThat(ends.keySet()).anyMatch(end -> end.endsWith(" Refused"));
        for (Window window : aimed) {
            assertThat(hits.getOrDefault(window, 0))
                    .as(window.name())
                    .isGreaterThanOrEqualTo(seeds < 2000 ? 0 : ENOUGH);
        }
        assertThat(hits).hasSizeGreaterThan(seeds < 20 ? 0 : 2);
    }

    /// Every move in every window before any is played there again.
    private static RaceMove moveOf(long seed, List<RaceMove> moves) {
        int windows = Window.values().length;
        int round = moves.size();
        while (round % windows != 0) {
            round += moves.size();
        }
        return moves.get((int) Math.floorMod(seed + seed / round, (long) moves.size()));
    }

    private static RaceTold play(long seed, RaceMove move, LazyPair pair) throws Exception {
        if (move == RaceMove.PAIR) {
            return pair.get().round(seed);
        }
        try (var round = new RaceRound(seed, move)) {
            return round.run();
        }
    }

    private void report(int seeds) throws Exception {
        var lines = new ArrayList<String>();
        lines.add("seeds\t" + seeds + "\tfrom " + FROM);
        hits.forEach((window, count) -> lines.add("window\t" + count + "\t" + window));
        ends.forEach((end, count) -> lines.add("end\t" + count + "\t" + end));
        lines.forEach(line -> System.out.println("RACE " + line));
        String file = System.getProperty("backstay.race.report", "");
        if (!file.isEmpty()) {
            Files.write(Path.of(file), lines);
        }
    }

    /// Three servers, started when a seed needs them.
    private static final class LazyPair implements AutoCloseable {
        private final List<RacePair> started = new ArrayList<>();

        RacePair get() throws Exception {
            if (started.isEmpty()) {
                started.add(new RacePair());
            }
            return started.getFirst();
        }

        @Override
        public void close() {
            started.forEach(RacePair::close);
        }
    }
}
