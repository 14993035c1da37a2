package io.backstay.recovery.fold;

import static io.backstay.recovery.fold.LogFoldTest.T;
import static io.backstay.recovery.fold.LogFoldTest.TABLE;
import static io.backstay.recovery.fold.LogFoldTest.inTheirOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import io.backstay.mysql.KeyColumn;
import io.backstay.mysql.TableDefinition;
import io.backstay.recovery.run.ScratchFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A fold whose keys do not fit in memory is the fold that had room for all.
class SpilledFoldTest {
    private static final int ROWS = 40_000;
    private static final int KEYS = 6_000;

    /// Less than the smallest tables of keys: all goes aside at each look.
    private static final long NO_ROOM = 1;

    @TempDir private Path folder;
    private ScratchFolder scratch;

    @BeforeEach
    void open() {
        scratch = new ScratchFolder(folder);
    }

    @AfterEach
    void close() {
        scratch.close();
    }

    private static TableDefinition keyedBy(String... columns) {
        return new TableDefinition(
                T,
                TABLE.kind(),
                TABLE.engine(),
                TABLE.columns(),
                java.util.Arrays.stream(columns)
                        .map(column -> new KeyColumn(column, OptionalInt.empty()))
                        .toList(),
                List.of());
    }

    private Fold fold(TableDefinition table, LogWriter log, long limitBytes) {
        FoldRequest request = LogFoldTest.request("", new FoldStop.AtEnd(), table);
        return LogFold.run(
                request.within(new FoldMemory(limitBytes, limitBytes, scratch)),
                List.of(log.stretch()));
    }

    private FoldedTable folded(TableDefinition table, LogWriter log, long limitBytes) {
        Fold fold = fold(table, log, limitBytes);
        assertThat(fold.lanes()).containsOnly(Map.entry(T, new TableLane.Folded()));
        return fold.find(T).orElseThrow();
    }

    /// Rows that are there when they are changed; keys from below zero on.
    ///
    /// @param base is what was there before
    private static LogWriter log(
            Random random, NavigableMap<Integer, String> base, int truncateAt) {
        var rows = new TreeMap<Integer, String>();
        for (int key = -KEYS / 2; key < 0; key++) {
            rows.put(key, "base" + key);
        }
        base.putAll(rows);
        var log = new LogWriter();
        for (int i = 0; i < ROWS; i++) {
            if (i == truncateAt) {
                log.begin(i + 1).query("TRUNCATE TABLE t").commit();
                rows.clear();
                continue;
            }
            int key = random.nextInt(KEYS) - KEYS / 2;
            String old = rows.get(key);
            String next = "v" + (random.nextInt(4) == 0 ? "\0" : "") + i;
            log.begin(i + 1).tableMap();
            if (old == null) {
                log.insert(key, next);
                rows.put(key, next);
            } else if (random.nextInt(3) == 0) {
                log.delete(key, old);
                rows.remove(key);
            } else {
                log.update(key, old, key, next);
                rows.put(key, next);
            }
            log.commit();
        }
        return log;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void putAsideItIsTheSame(long seed) {
        var random = new Random(seed);
        TableDefinition table =
                switch ((int) seed % 3) {
                    case 0 -> TABLE;
                    case 1 -> keyedBy("id", "v");
                    default -> keyedBy("v", "id");
                };
        var base = new TreeMap<Integer, String>();
        LogWriter log = log(random, base, seed > 4 ? ROWS / 2 : -1);
        FoldedTable roomy = folded(table, log, Long.MAX_VALUE);
        FoldedTable tight = folded(table, log, NO_ROOM);

        assertThat(roomy.isBaseVoid()).isEqualTo(seed > 4);
        assertThat(tight.keys()).isEqualTo(roomy.keys());
        assertThat(tight.digest()).isEqualTo(roomy.digest());
        assertThat(tight.vanishedRows()).isEqualTo(roomy.vanishedRows());
        assertThat(tight.isBaseVoid()).isEqualTo(roomy.isBaseVoid());
        assertThat(inTheirOrder(tight)).isEqualTo(inTheirOrder(roomy));
        assertThat(replaced(tight, base)).isEqualTo(replaced(roomy, base));
    }

    /// Which base rows go, asked for in the order of their keys and in none.
    private static List<Boolean> replaced(FoldedTable table, NavigableMap<Integer, String> base) {
        var answers = new java.util.ArrayList<Boolean>();
        for (var rows : List.of(base, base.descendingMap())) {
            FoldedTable.Reader reader = table.reader();
            rows.forEach(
                    (key, value) -> {
                        byte[] line = (key + "\t" + value).getBytes(StandardCharsets.UTF_8);
                        answers.add(reader.replacesBaseRow(line, 0, line.length));
                    });
            reader.requireAllFound();
        }
        return answers;
    }

    @Test
    void rowsComeInTheOrderOfTheirNumbers() {
        var log = log(new Random(9), new TreeMap<>(), -1);
        for (long limit : new long[] {NO_ROOM, Long.MAX_VALUE}) {
            List<Integer> keys =
                    inTheirOrder(fold(TABLE, log, limit).find(T).orElseThrow()).stream()
                            .map(row -> Integer.valueOf(row.substring(0, row.indexOf('\t'))))
                            .toList();
            assertThat(keys).isEqualTo(List.copyOf(new TreeSet<>(keys)));
            assertThat(keys.getFirst()).isNegative();
        }
    }

    @Test
    void whatContradictsAnEarlierStretchIsRefusedByName() {
        var log = new LogWriter().begin(1).tableMap().insert(-7, "first").commit();
        filler(log);
        log.begin(ROWS + 3).tableMap().insert(-7, "again").commit();
        assertThat(fold(TABLE, log, Long.MAX_VALUE).lanes().get(T))
                .isInstanceOf(TableLane.Refused.class);
        assertThat(fold(TABLE, log, NO_ROOM).lanes().get(T))
                .isInstanceOfSatisfying(
                        TableLane.Refused.class,
                        lane ->
                                assertThat(lane.toString())
                                        .contains("a row was inserted", "was there already")
                                        .contains("binlog.000001"));
    }

    @Test
    void anUpdateOfARowThatIsGoneIsRefusedByName() {
        var log = new LogWriter().begin(1).tableMap().delete(-7, "first").commit();
        filler(log);
        log.begin(ROWS + 3).tableMap().update(-7, "first", -7, "next").commit();
        assertThat(fold(TABLE, log, NO_ROOM).lanes().get(T)).isInstanceOf(TableLane.Refused.class);
    }

    @Test
    void aRowThatComesAndGoesAlthoughItWasThereIsRefusedAtItsPlace() {
        var log = new LogWriter().begin(1).tableMap().insert(-7, "first").commit();
        int end = log.size();
        filler(log);
        log.begin(ROWS + 3).tableMap().insert(-7, "again").delete(-7, "again").commit();
        assertThat(fold(TABLE, log, NO_ROOM).lanes().get(T))
                .isInstanceOfSatisfying(
                        TableLane.Refused.class,
                        lane ->
                                assertThat(lane.since().origin().offsetBytes())
                                        .isLessThan(end)
                                        .isPositive());
    }

    private static void filler(LogWriter log) {
        for (int i = 0; i < ROWS; i++) {
            log.begin(i + 2).tableMap().insert(i, "x").commit();
        }
    }

    @Test
    void aTableWithoutAKeyThatHasNoRoomIsNamed() {
        var log = new LogWriter();
        filler(log);
        assertThatThrownBy(() -> fold(keyedBy(), log, 1 << 16))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("rows of tables without a primary key take")
                .hasMessageContaining("HINT: give more memory: `--memory`");
    }

    @Test
    void nothingIsLeftInTheFolder() throws Exception {
        var log = new LogWriter();
        filler(log);
        assertThat(fold(TABLE, log, NO_ROOM).find(T).orElseThrow().keys()).isEqualTo(ROWS);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aFolderThatIsGoneIsNamed() throws Exception {
        var log = new LogWriter();
        filler(log);
        Files.delete(folder);
        try {
            assertThatThrownBy(() -> fold(TABLE, log, NO_ROOM))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("cannot put keys aside in " + folder)
                    .hasMessageContaining("--scratch DIR");
        } finally {
            Files.createDirectory(folder);
        }
    }
}
