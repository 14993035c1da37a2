package io.backstay.recovery.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Problem;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.KeyColumn;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogFoldTest {
    static final TableName T = new TableName("d", "t");
    private static final ColumnDefinition ID = column("id", 1, "int", "int(11)");
    private static final ColumnDefinition V = column("v", 2, "varchar", "varchar(20)");
    static final TableDefinition TABLE =
            new TableDefinition(
                    T,
                    TableDefinition.Kind.BASE_TABLE,
                    Optional.of("InnoDB"),
                    List.of(ID, V),
                    List.of(new KeyColumn("id", OptionalInt.empty())),
                    List.of());

    private static ColumnDefinition column(String name, int position, String type, String full) {
        return new ColumnDefinition(
                name,
                position,
                type,
                full,
                false,
                Optional.of("utf8mb4"),
                Optional.of("utf8mb4_bin"),
                true,
                ColumnDefinition.Generated.NOT,
                false,
                false);
    }

    static FoldRequest request(String after, FoldStop stop, TableDefinition... tables) {
        var byName = new TreeMap<TableName, TableDefinition>();
        for (TableDefinition table : tables) {
            byName.put(table.name(), table);
        }
        return new FoldRequest(byName, MariaDbGtidState.parse(after), stop);
    }

    static Fold fold(LogWriter log) {
        return LogFold.run(request("", new FoldStop.AtEnd(), TABLE), List.of(log.stretch()));
    }

    static List<String> images(Fold fold) {
        var rows = new ArrayList<String>();
        fold.find(T).ifPresent(table -> rows.addAll(inTheirOrder(table)));
        rows.sort(null);
        return rows;
    }

    static List<String> inTheirOrder(FoldedTable table) {
        var rows = new ArrayList<String>();
        for (AfterImages images = table.afterImages(); images.next(); ) {
            rows.add(new String(images.text(), 0, images.count(), StandardCharsets.UTF_8));
        }
        return rows;
    }

    static boolean replaces(Fold fold, String row) {
        byte[] line = row.getBytes(StandardCharsets.UTF_8);
        return fold.find(T).orElseThrow().reader().replacesBaseRow(line, 0, line.length);
    }

    @Test
    void lastImageOfEachKeyIsLeft() {
        Fold fold =
                fold(
                        new LogWriter()
                                .begin(1)
                                .tableMap()
                                .insert(5, "a")
                                .insert(6, null)
                                .insert(3, "t\tab")
                                .commit()
                                .begin(2)
                                .tableMap()
                                .update(1, "a", 10, "moved")
                                .delete(2, null)
                                .delete(5, "a")
                                .delete(6, null)
                                .commit());
        assertThat(images(fold)).containsExactly("10\tmoved", "3\tt\\tab");
        assertThat(replaces(fold, "1\told")).isTrue();
        assertThat(replaces(fold, "2\told")).isTrue();
        assertThat(replaces(fold, "4\told")).isFalse();
        assertThat(fold.summary().end()).hasToString("0-1-2");
        assertThat(fold.summary().transactions()).isEqualTo(2);
        assertThat(fold.summary().rowEvents()).isEqualTo(7);
        assertThat(fold.find(T).orElseThrow().absentKeys()).isEqualTo(4);
        assertThat(fold.lanes()).containsExactly(Map.entry(T, new TableLane.Folded()));
    }

    @Test
    void transactionsOfTheBaseArePassedOver() {
        var log = new LogWriter();
        for (int i = 1; i <= 3; i++) {
            log.begin(i).tableMap().insert(i, "x").commit();
        }
        Fold fold =
                LogFold.run(request("0-1-2", new FoldStop.AtEnd(), TABLE), List.of(log.stretch()));
        assertThat(images(fold)).containsExactly("3\tx");
        assertThat(fold.summary().passedOver()).isEqualTo(2);
    }

    @Test
    void stopsBehindTheGtidAndAtThePosition() {
        var log = new LogWriter();
        log.begin(1).tableMap().insert(1, "x").commit();
        int end = log.size();
        log.begin(2).tableMap().insert(2, "x").commit();
        FoldStop[] stops = {
            new FoldStop.AfterGtid(MariaDbGtid.parse("0-1-1")),
            new FoldStop.AtPosition(new BinlogPosition("binlog.000001", end)),
            new FoldStop.AtPosition(new BinlogPosition("binlog.000001", log.size() - 1))
        };
        for (FoldStop stop : stops) {
            Fold fold = LogFold.run(request("", stop, TABLE), List.of(log.stretch()));
            assertThat(images(fold)).containsExactly("1\tx");
            assertThat(fold.summary().end()).hasToString("0-1-1");
        }
    }

    @Test
    void stopThatIsNotInTheLogIsNamed() {
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        assertThatThrownBy(
                        () ->
                                LogFold.run(
                                        request(
                                                "",
                                                new FoldStop.AfterGtid(MariaDbGtid.parse("0-1-9")),
                                                TABLE),
                                        List.of(log.stretch())))
                .hasMessage(
                        "cannot stop at 0-1-9: the log does not hold it and ends at 0-1-1\n"
                                + "HINT: choose a point before that, or stream more: `backstay stream`.");
    }

    @Test
    void unfinishedTransactionCountsForNothing() {
        Fold fold =
                fold(
                        new LogWriter()
                                .begin(1)
                                .tableMap()
                                .insert(1, "x")
                                .commit()
                                .begin(2)
                                .tableMap()
                                .insert(2, "x"));
        assertThat(images(fold)).containsExactly("1\tx");
        assertThat(fold.summary().unfinished()).containsExactly(MariaDbGtid.parse("0-1-2"));
    }

    @Test
    void overlappingStretchesCountOnce() {
        var a = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        var b =
                new LogWriter()
                        .begin(1)
                        .tableMap()
                        .insert(1, "x")
                        .commit()
                        .begin(2)
                        .tableMap()
                        .delete(1, "x")
                        .commit();
        Fold fold =
                LogFold.run(
                        request("", new FoldStop.AtEnd(), TABLE),
                        List.of(a.stretch(), b.stretch()));
        assertThat(images(fold)).isEmpty();
        assertThat(fold.summary().transactions()).isEqualTo(2);
    }

    @Test
    void holeInTheLogIsFound() {
        var a = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        var b = new LogWriter().gtidList(5).begin(6).tableMap().insert(6, "x").commit();
        assertThatThrownBy(
                        () ->
                                LogFold.run(
                                        request("", new FoldStop.AtEnd(), TABLE),
                                        List.of(a.stretch(), b.stretch())))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith(
                        "the log has a hole before binlog.000001: that file begins behind 0-1-5,"
                                + " and neither the base nor the log before it has that"
                                + " transaction\nHINT: ");
    }

    @Test
    void aTableWithoutAKeyIsCounted() {
        var table =
                new TableDefinition(
                        T, TABLE.kind(), TABLE.engine(), TABLE.columns(), List.of(), List.of());
        var log = new LogWriter().begin(1).tableMap();
        log.insert(1, "x").insert(1, "x").insert(1, "x").delete(1, "x");
        log.delete(2, "y").update(3, "z", 1, "x").commit();
        Fold fold = LogFold.run(request("", new FoldStop.AtEnd(), table), List.of(log.stretch()));
        assertThat(images(fold)).containsExactly("1\tx", "1\tx", "1\tx");
        FoldedTable.Reader reader = fold.find(T).orElseThrow().reader();
        byte[] y = "2\ty".getBytes(StandardCharsets.UTF_8);
        assertThat(reader.replacesBaseRow(y, 0, y.length)).isTrue();
        assertThat(reader.replacesBaseRow(y, 0, y.length)).isFalse();
        assertThatThrownBy(reader::requireAllFound)
                .hasMessageStartingWith(
                        "base and log of d.t do not belong together: the log changed or deleted 1 rows"
                                + " that the base does not have\nHINT: ");
        byte[] z = "3\tz".getBytes(StandardCharsets.UTF_8);
        assertThat(reader.replacesBaseRow(z, 0, z.length)).isTrue();
        reader.requireAllFound();
    }

    @Test
    void aBaseRowThatTheLogInsertsIsAContradiction() {
        Fold fold = fold(new LogWriter().begin(1).tableMap().insert(1, "x").commit());
        assertThatThrownBy(() -> replaces(fold, "1\tx"))
                .hasMessageStartingWith(
                        "base and log of d.t do not belong together: a row was inserted, although the"
                                + " base has it already: rows were changed that are not in the log\nHINT: ");
    }

    @Test
    void cutAtEveryByteItRefusesOrStopsBehindAWholeTransaction() {
        var log = new LogWriter();
        var ends = new ArrayList<Integer>();
        for (int i = 1; i <= 3; i++) {
            log.begin(i).tableMap().insert(i, "x").commit();
            ends.add(log.size());
        }
        byte[] whole = log.bytes();
        for (int length = 4; length < whole.length; length++) {
            var bytes = MemorySegment.ofArray(java.util.Arrays.copyOf(whole, length));
            int atMost = length;
            long complete = ends.stream().filter(end -> end <= atMost).count();
            Fold torn =
                    LogFold.run(
                            request("", new FoldStop.AtEnd(), TABLE),
                            List.of(new LogStretch("torn", bytes, true)));
            assertThat(torn.summary().transactions()).isEqualTo(complete);
            try {
                Fold exact =
                        LogFold.run(
                                request("", new FoldStop.AtEnd(), TABLE),
                                List.of(new LogStretch("exact", bytes)));
                assertThat(exact.summary().transactions()).isEqualTo(complete);
                assertThat(torn.summary().tornAt()).isEmpty();
            } catch (DamagedBinlogException e) {
                assertThat(torn.summary().tornAt()).isPresent();
            }
        }
    }

    @Test
    void everyFlippedBitIsFound() {
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        byte[] whole = log.bytes();
        int inUseFlag = 4 + 17;
        for (int bit = 4 * 8; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            if (bit == inUseFlag * 8) {
                continue;
            }
            assertThatThrownBy(
                            () ->
                                    LogFold.run(
                                            request("", new FoldStop.AtEnd(), TABLE),
                                            List.of(
                                                    new LogStretch(
                                                            "f", MemorySegment.ofArray(flipped)))))
                    .as("bit " + bit)
                    .isInstanceOf(DamagedBinlogException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 42, 20261123})
    void randomTransactionsAmountToWhatAModelSays(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + 200; seed++) {
            var random = new Random(seed);
            var base = new TreeMap<Integer, String>();
            for (int i = 0; i < 20; i++) {
                base.put(random.nextInt(60), "b" + i);
            }
            var model = new TreeMap<>(base);
            var log = new LogWriter();
            for (int transaction = 1; transaction <= 30; transaction++) {
                log.begin(transaction).tableMap();
                for (int change = random.nextInt(6); change >= 0; change--) {
                    change(random, model, log);
                }
                if (random.nextBoolean()) {
                    log.commit();
                } else {
                    log.query("COMMIT");
                }
            }
            Fold fold = fold(log);
            var merged = new TreeMap<Integer, String>();
            base.forEach(
                    (id, v) -> {
                        if (fold.find(T).isEmpty() || !replaces(fold, id + "\t" + v)) {
                            merged.put(id, v);
                        }
                    });
            for (String row : images(fold)) {
                String[] fields = row.split("\t", 2);
                assertThat(merged.put(Integer.parseInt(fields[0]), fields[1])).isNull();
            }
            assertThat(merged).as("seed " + seed).isEqualTo(model);
        }
    }

    private static void change(Random random, Map<Integer, String> model, LogWriter log) {
        int id = random.nextInt(60);
        String v = "v" + random.nextInt(1000);
        String old = model.get(id);
        if (old == null) {
            log.insert(id, v);
            model.put(id, v);
            return;
        }
        int other = random.nextInt(60);
        switch (random.nextInt(3)) {
            case 0 -> {
                log.delete(id, old);
                model.remove(id);
            }
            case 1 -> {
                log.update(id, old, id, v);
                model.put(id, v);
            }
            default -> {
                if (!model.containsKey(other)) {
                    log.update(id, old, other, v);
                    model.remove(id);
                    model.put(other, v);
                }
            }
        }
    }
}
