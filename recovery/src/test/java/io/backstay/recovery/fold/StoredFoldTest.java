package io.backstay.recovery.fold;

import static io.backstay.recovery.fold.LogFoldTest.T;
import static io.backstay.recovery.fold.LogFoldTest.TABLE;
import static io.backstay.recovery.fold.LogFoldTest.images;
import static io.backstay.recovery.fold.LogFoldTest.replaces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.RowsEvent;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a log amounts to, written and read again, is the log as far as a base can tell.
class StoredFoldTest {
    private static final TableDefinition KEYLESS =
            new TableDefinition(
                    T,
                    TABLE.kind(),
                    TABLE.engine(),
                    TABLE.columns(),
                    List.of(),
                    TABLE.foreignKeys());

    private static Fold fold(TableDefinition table, List<LogStretch> stretches) {
        return LogFold.run(LogFoldTest.request("", new FoldStop.AtEnd(), table), stretches);
    }

    private static LogStretch stored(Fold fold, LogStretch first) {
        var out = new ByteArrayOutputStream();
        try {
            FoldWriter.write(fold, first, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return LogStretch.of(
                "fold", MemorySegment.ofArray(out.toByteArray()), StoredFold.of(fold.summary()));
    }

    private static LogStretch storedOf(TableDefinition table, LogStretch... stretches) {
        return stored(fold(table, List.of(stretches)), stretches[0]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void foldsOfNeighboursFoldToTheFoldOfTheWhole(long seed) {
        var random = new Random(seed);
        TableDefinition table = seed % 2 == 0 ? TABLE : KEYLESS;
        List<LogStretch> log = randomLog(random, 6);
        Fold whole = fold(table, log);

        LogStretch a = storedOf(table, log.get(0), log.get(1));
        LogStretch b = storedOf(table, log.get(2), log.get(3));
        Fold tail = fold(table, List.of(a, b, log.get(4), log.get(5)));
        assertSame(whole, tail);
        LogStretch ab = storedOf(table, a, b);
        assertSame(whole, fold(table, List.of(ab, log.get(4), log.get(5))));
        LogStretch all = storedOf(table, ab, log.get(4), log.get(5));
        assertSame(whole, fold(table, List.of(all)));
        assertSame(whole, fold(table, List.of(storedOf(table, all))));
    }

    private static void assertSame(Fold expected, Fold found) {
        assertThat(found.summary())
                .usingRecursiveComparison()
                .ignoringFields("bytes")
                .isEqualTo(expected.summary());
        assertThat(images(found)).isEqualTo(images(expected));
        assertThat(digests(found)).isEqualTo(digests(expected));
    }

    private static Map<TableName, String> digests(Fold fold) {
        var digests = new TreeMap<TableName, String>();
        fold.tables().forEach((name, table) -> digests.put(name, table.digest()));
        return digests;
    }

    /// Rows that are there when they are changed, and a TRUNCATE now and then.
    private static List<LogStretch> randomLog(Random random, int stretches) {
        var rows = new TreeMap<Integer, String>();
        for (int key = 0; key < 20; key++) {
            rows.put(key, "base" + key);
        }
        var log = new ArrayList<LogStretch>();
        long sequence = 1;
        for (int i = 0; i < stretches; i++) {
            var writer = new LogWriter();
            for (int t = random.nextInt(12) + 1; t > 0; t--) {
                writer.begin(sequence++);
                if (random.nextInt(25) == 0) {
                    writer.query("TRUNCATE TABLE t");
                    rows.clear();
                }
                writer.tableMap();
                for (int n = random.nextInt(5); n >= 0; n--) {
                    change(random, writer, rows);
                }
                writer.commit();
            }
            log.add(new LogStretch("binlog.00000" + i, MemorySegment.ofArray(writer.bytes())));
        }
        return log;
    }

    private static void change(Random random, LogWriter writer, Map<Integer, String> rows) {
        int key = random.nextInt(40);
        int other = random.nextInt(40);
        String value = random.nextInt(6) == 0 ? null : "v" + random.nextInt(4);
        String old = rows.get(key);
        if (!rows.containsKey(key)) {
            writer.insert(key, value);
            rows.put(key, value);
        } else if (random.nextInt(3) == 0) {
            writer.delete(key, old);
            rows.remove(key);
        } else if (rows.containsKey(other)) {
            writer.update(key, old, key, value);
            rows.put(key, value);
        } else {
            writer.update(key, old, other, value);
            rows.remove(key);
            rows.put(other, value);
        }
    }

    @Test
    void everyStoredRowSaysThatForeignKeysAreNotLookedAt() {
        LogStretch log =
                new LogWriter()
                        .begin(1)
                        .tableMap()
                        .insert(1, "a")
                        .update(2, "b", 2, "c")
                        .delete(3, "d")
                        .commit()
                        .stretch();
        var reader = new BinlogReader(storedOf(TABLE, log).bytes(), "fold");
        int events = 0;
        while (reader.next()) {
            if (reader.decode() instanceof RowsEvent rows) {
                events++;
                assertThat(rows.flags() & RowsEvent.FLAG_NO_FOREIGN_KEY_CHECKS).isNotZero();
            }
        }
        assertThat(events).isEqualTo(3);
    }

    @Test
    void anEmptiedTableIsEmptiedInTheStoredFoldToo() {
        LogStretch log =
                new LogWriter()
                        .begin(1)
                        .tableMap()
                        .insert(1, "a")
                        .commit()
                        .begin(2)
                        .query("TRUNCATE TABLE t")
                        .commit()
                        .stretch();
        Fold again = fold(TABLE, List.of(storedOf(TABLE, log)));
        assertThat(again.find(T).orElseThrow().isBaseVoid()).isTrue();
        assertThat(replaces(again, "7\told")).isTrue();
        assertThat(images(again)).isEmpty();
    }

    @Test
    void aLogThatContradictsTheStoredFoldIsRefused() {
        LogStretch stored =
                storedOf(
                        TABLE,
                        new LogWriter().begin(1).tableMap().insert(1, "a").commit().stretch());
        LogStretch tail = new LogWriter().begin(2).tableMap().insert(1, "b").commit().stretch();
        assertThat(fold(TABLE, List.of(stored, tail)).lanes().get(T))
                .isInstanceOf(TableLane.Refused.class)
                .asString()
                .contains("was there already");
    }

    @Test
    void aLogWithMoreThanNetChangesIsNotWritten() {
        LogStretch log =
                new LogWriter().begin(1).query("ALTER TABLE t ADD x INT").commit().stretch();
        assertThatThrownBy(() -> storedOf(TABLE, log)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTransactionOutOfOrderIsRefusedBehindAFoldAsInOnePass() {
        LogStretch first = new LogWriter().begin(100).tableMap().insert(1, "a").commit().stretch();
        LogStretch second =
                new LogWriter().server(2).begin(98).tableMap().insert(2, "b").commit().stretch();
        assertThatThrownBy(() -> fold(TABLE, List.of(first, second)))
                .isInstanceOf(RefusedFold.class);
        Fold before = fold(TABLE, List.of(first));
        var behind =
                new FoldRequest(
                        Map.of(T, TABLE),
                        List.of(),
                        List.of(),
                        MariaDbGtidState.EMPTY,
                        new FoldStop.AtEnd(),
                        false,
                        List.of(before.summary().folded()));
        assertThatThrownBy(() -> LogFold.run(behind, List.of(second)))
                .isInstanceOf(RefusedFold.class);
    }

    @Test
    void rowsThatCameAndWentAreCountedSinceNothingOfThemIsKept() {
        LogStretch log =
                new LogWriter()
                        .begin(1)
                        .tableMap()
                        .insert(1, "a")
                        .delete(1, "a")
                        .insert(2, "b")
                        .commit()
                        .stretch();
        Fold fold = fold(TABLE, List.of(log));
        assertThat(fold.find(T).orElseThrow().vanishedRows()).isEqualTo(1);
        assertThat(fold(TABLE, List.of(stored(fold, log))).find(T).orElseThrow().keys())
                .isEqualTo(1);
    }

    @Test
    void transactionsOfTheFoldSentAgainArePassedOver() {
        var writer = new LogWriter().begin(1).tableMap().insert(1, "a").commit();
        LogStretch stored = storedOf(TABLE, writer.stretch());
        Fold fold =
                fold(
                        TABLE,
                        List.of(
                                stored,
                                writer.begin(2).tableMap().insert(2, "b").commit().stretch()));
        assertThat(images(fold)).containsExactly("1\ta", "2\tb");
        assertThat(fold.summary().passedOver()).isEqualTo(1);
    }
}
