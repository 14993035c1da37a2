package io.backstay.recovery.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.mysql.TableName;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random transactions on tables of every kind of key: base and fold together are the table.
class RandomLogIT {
    private static final List<String> KEYS =
            List.of(
                    "k INT PRIMARY KEY",
                    "k BIGINT UNSIGNED PRIMARY KEY",
                    "k VARBINARY(20) PRIMARY KEY",
                    "k BINARY(4) PRIMARY KEY",
                    "k DECIMAL(9,3) PRIMARY KEY",
                    "k TIME(2) PRIMARY KEY",
                    "k DATETIME(3) PRIMARY KEY",
                    "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY",
                    "k CHAR(9) CHARACTER SET latin1 COLLATE latin1_bin PRIMARY KEY",
                    "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PRIMARY KEY",
                    "k BIT(20) PRIMARY KEY",
                    "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY",
                    "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_nopad_ci",
                    "k SMALLINT NOT NULL, l DATE NOT NULL DEFAULT '2024-01-01', PRIMARY KEY(l, k)");

    @ParameterizedTest
    @CsvSource({FoldServer.OLD + ",1", FoldServer.OLD + ",2", FoldServer.NEW + ",3"})
    void baseAndFoldAreTheTable(String version, long seed) throws Exception {
        var random = new Random(seed);
        try (var server = new FoldServer(version, "127.32.2.2")) {
            server.sql.execute("CREATE DATABASE d");
            server.sql.execute("USE d");
            server.sql.execute("SET sql_mode=''");
            for (int t = 0; t < KEYS.size(); t++) {
                String definition = "(" + KEYS.get(t) + ", v VARCHAR(40), n INT)";
                server.sql.execute("CREATE TABLE t" + t + definition);
                server.sql.execute("CREATE TABLE m" + t + definition);
            }
            for (int i = 0; i < 200; i++) {
                change(server, random);
            }
            FoldServer.Base base = server.base("d");
            for (int i = 0; i < 400; i++) {
                change(server, random);
                if (i % 97 == 0) {
                    server.sql.execute("FLUSH BINARY LOGS");
                }
            }

            Fold fold = LogFold.run(base.request(new FoldStop.AtEnd()), server.log());

            assertThat(fold.summary().end()).isEqualTo(server.state());
            for (int t = 0; t < KEYS.size(); t++) {
                var original = new TableName("d", "t" + t);
                var merged = new TableName("d", "m" + t);
                FoldedTable folded = fold.find(original).orElseThrow();
                server.load(base, folded, merged);
                assertThat(server.hexRows(folded.definition(), merged))
                        .as(KEYS.get(t) + " seed " + seed)
                        .isEqualTo(server.hexRows(folded.definition(), original));
                assertThat(server.checksum(merged)).isEqualTo(server.checksum(original));
            }
        }
    }

    private static void change(FoldServer server, Random random) {
        boolean isGroup = random.nextInt(4) == 0;
        if (isGroup) {
            server.sql.execute("BEGIN");
        }
        for (int i = isGroup ? random.nextInt(5) : 0; i >= 0; i--) {
            server.sql.execute(statement(random));
        }
        if (isGroup) {
            server.sql.execute(random.nextInt(4) == 0 ? "ROLLBACK" : "COMMIT");
        }
    }

    private static String statement(Random random) {
        int table = random.nextInt(KEYS.size());
        String t = "t" + table;
        String a = key(table, random);
        String v = "REPEAT('" + random.nextInt(10) + "\\t', " + random.nextInt(15) + ")";
        return switch (random.nextInt(8)) {
            case 0 -> "DELETE FROM " + t + " WHERE k = " + a;
            case 1 -> "UPDATE " + t + " SET v = " + v + " WHERE k = " + a;
            case 2 -> "UPDATE IGNORE " + t + " SET k = " + key(table, random) + " WHERE k = " + a;
            case 3 -> "UPDATE " + t + " SET n = IFNULL(n, 0) + 1 LIMIT 3";
            case 4 -> "REPLACE INTO " + t + "(k, v) VALUES (" + a + ", " + v + ")";
            default -> "INSERT IGNORE INTO " + t + "(k, v) VALUES (" + a + ", " + v + ")";
        };
    }

    private static String key(int table, Random random) {
        int n = random.nextInt(30);
        return switch (table) {
            case 0, 13 -> Integer.toString(n - 15);
            case 1 -> Long.toUnsignedString(-1L - n);
            case 2, 3 -> "X'" + "%02x".formatted(n) + (n % 2 == 0 ? "00" : "20") + "'";
            case 4 -> (n - 15) + "." + n;
            case 5 -> "'" + (n % 3 == 0 ? "-" : "") + "00:00:" + n + ".25'";
            case 6 -> "'2024-01-01 00:00:" + n + ".125'";
            case 7, 8, 9, 11, 12 ->
                    "'"
                            + (char) ('a' + n % 10)
                            + (n % 3 == 0 ? "  " : n % 3 == 1 ? "\\t" : "A")
                            + "'";
            default -> "b'" + Integer.toBinaryString(n) + "'";
        };
    }
}
