package io.backstay.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.recovery.RecoveryLab;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random tables and transactions, restored to a random transaction and to the last.
///
/// One seed again: `-Dbackstay.seed=N -Dbackstay.seeds=1`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(86_400)
class RandomRestoreIT {
    private static final String[] KEYS = {
        "k INT PRIMARY KEY",
        "k VARCHAR(9) COLLATE utf8mb4_general_ci PRIMARY KEY",
        "k CHAR(9) COLLATE utf8mb4_unicode_ci PRIMARY KEY",
        "k VARBINARY(9) PRIMARY KEY",
        "k INT",
        "k VARCHAR(9) NOT NULL, UNIQUE KEY (k)",
        "k UUID PRIMARY KEY",
        "k DECIMAL(8,2) PRIMARY KEY"
    };

    private final CaseLab lab =
            new CaseLab(System.getProperty("backstay.cases.version", RecoveryLab.NEW), 124);

    @AfterAll
    void close() {
        lab.close();
    }

    static LongStream seeds() {
        long first = Long.getLong("backstay.seed", 1);
        return LongStream.range(first, first + Long.getLong("backstay.seeds", 2));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isRestoredAsTheSourceWas(long seed) throws Exception {
        play(lab, seed, sql -> sql);
    }

    /// @param words the server's for what a statement says
    static void play(CaseLab lab, long seed, UnaryOperator<String> words) throws Exception {
        var random = new Random(seed);
        int[] keys = random.ints(4, 0, KEYS.length).toArray();
        List<String> base = base(random, keys).stream().map(words).toList();
        List<String> log = log(random, keys).stream().map(words).toList();
        CaseLab.Play play = lab.base(base).run(log).stream();
        List<CaseLab.Stop> stops = play.stops();
        for (CaseLab.Stop stop :
                List.of(stops.get(random.nextInt(stops.size())), stops.getLast())) {
            play.requireLoadedAsSent(
                    play.restore(stop), "seed %d behind %s".formatted(seed, stop.sql()));
            assertThat(play.differences(stop)).as("seed %d behind %s", seed, stop.sql()).isEmpty();
        }
    }

    private static List<String> base(Random random, int[] keys) {
        var base = new ArrayList<String>(List.of("CREATE DATABASE d", "USE d"));
        for (int t = 0; t < keys.length; t++) {
            base.add("CREATE TABLE t%d(%s, n INT, v VARCHAR(20))".formatted(t, KEYS[keys[t]]));
            for (int i = 0; i < 4; i++) {
                base.add(
                        "INSERT IGNORE INTO t%d(k,n) VALUES(%s,%d)"
                                .formatted(t, key(keys[t], random), i));
            }
        }
        return base;
    }

    private static List<String> log(Random random, int[] keys) {
        var log = new ArrayList<String>(List.of("USE d"));
        // a REPLACE under MINIMAL loses columns in the log itself
        boolean isMinimal = random.nextBoolean();
        for (int i = 0; i < 30; i++) {
            int t = random.nextInt(keys.length);
            String table = "t" + t;
            String key = key(keys[t], random);
            String other = key(keys[t], random);
            log.add(
                    switch (random.nextInt(40)) {
                        case 0 ->
                                "ALTER TABLE " + table + " ADD COLUMN c" + i + " INT DEFAULT " + i;
                        case 1 -> "TRUNCATE TABLE " + table;
                        case 2 -> "SET SESSION binlog_format='STATEMENT'";
                        case 3, 4 -> "SET SESSION binlog_format='ROW'";
                        case 5 ->
                                "SET SESSION binlog_row_image='%s'"
                                        .formatted(isMinimal ? "MINIMAL" : "FULL");
                        case 6, 7 -> "SET SESSION binlog_row_image='FULL'";
                        case 8 -> "~FLUSH BINARY LOGS";
                        case 9 -> "CREATE TABLE m%d AS SELECT * FROM %s".formatted(i, table);
                        case 10, 11, 12, 13 -> "DELETE FROM %s WHERE k=%s".formatted(table, key);
                        case 14, 15, 16, 17 ->
                                "UPDATE IGNORE %s SET k=%s WHERE k=%s".formatted(table, other, key);
                        case 18, 19, 20 ->
                                "UPDATE %s SET n=IFNULL(n,0)+1,v='x%d'".formatted(table, i);
                        case 21, 22, 23 ->
                                "%s INTO %s(k,n) VALUES(%s,%d)"
                                        .formatted(
                                                isMinimal ? "INSERT IGNORE" : "REPLACE",
                                                table,
                                                key,
                                                i);
                        default ->
                                "INSERT IGNORE INTO %s(k,n,v) VALUES(%s,%d,'v')"
                                        .formatted(table, key, i);
                    });
        }
        return log;
    }

    private static String key(int kind, Random random) {
        int n = random.nextInt(12);
        return switch (kind) {
            case 0, 4 -> Integer.toString(n - 5);
            case 1, 2, 5 ->
                    "'" + (char) ((n % 2 == 0 ? 'a' : 'A') + n / 3) + (n % 3 == 0 ? " " : "") + "'";
            case 3 -> "X'0" + n % 10 + (n % 2 == 0 ? "00'" : "'");
            case 6 -> "'%08x-0000-1000-8000-000000000001'".formatted(n);
            default -> (n - 5) + ".5";
        };
    }
}
