package io.backstay.recovery.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.backstay.doors.Problem;
import io.backstay.mysql.TableName;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
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
            case 0, 11 -> Integer.toString(n - 15);
            case 1 -> Long.toUnsignedString(-1L - n);
            case 2, 3 -> "X'" + "%02x".formatted(n) + (n % 2 == 0 ? "00" : "20") + "'";
            case 4 -> (n - 15) + "." + n;
            case 5 -> "'" + (n % 3 == 0 ? "-" : "") + "00:00:" + n + ".25'";
            case 6 -> "'2024-01-01 00:00:" + n + ".125'";
            case 7, 8, 9 ->
                    "'"
                            + (char) ('a' + n % 10)
                            + (n % 3 == 0 ? "  " : n % 3 == 1 ? "\\t" : "A")
                            + "'";
            default -> "b'" + Integer.toBinaryString(n) + "'";
        };
    }

    @Test
    void everyStatementThatCannotBeFoldedIsRefused() throws Exception {
        try (var server = new FoldServer(FoldServer.NEW, "127.32.2.3")) {
            server.sql.execute("CREATE DATABASE d");
            server.sql.execute("USE d");
            server.sql.execute("CREATE TABLE t(k INT PRIMARY KEY, v INT)");
            server.sql.execute("CREATE TABLE p(k INT PRIMARY KEY)");
            server.sql.execute(
                    "CREATE TABLE c(k INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p(k) ON"
                            + " DELETE CASCADE)");
            server.sql.execute("CREATE TABLE y(k VARCHAR(9) PRIMARY KEY) CHARACTER SET utf8mb4");
            server.sql.execute("CREATE TABLE nokey(k INT)");
            server.sql.execute("CREATE SEQUENCE s");
            server.sql.execute("INSERT INTO t VALUES (1,1),(2,2)");
            server.sql.execute("INSERT INTO p VALUES (1)");
            server.sql.execute("INSERT INTO c VALUES (1,1)");
            for (String[] refused :
                    new String[][] {
                        {"ALTER TABLE t ADD COLUMN w INT", "the statement \"ALTER TABLE t"},
                        {"TRUNCATE nokey", "the statement \"TRUNCATE nokey\""},
                        {"DELETE FROM p WHERE k=1", "cannot fold d.p: a row was deleted"},
                        {"INSERT INTO y VALUES ('a')", "cannot fold d.y: its primary key's column"},
                        {"INSERT INTO nokey VALUES (1)", "cannot fold d.nokey: it has no primary"},
                        {"DO NEXTVAL(s)", "cannot fold d.s: it is a sequence"},
                        {
                            "SET STATEMENT binlog_format='STATEMENT' FOR UPDATE t SET v=9 WHERE k=1",
                            "not supported yet"
                        },
                        {
                            "SET STATEMENT binlog_row_image='MINIMAL' FOR UPDATE t SET v=8 WHERE k=1",
                            "cannot fold d.t: row images lack columns"
                        },
                        {"CREATE USER u", "the statement \"CREATE USER u\""},
                    }) {
                FoldServer.Base base = server.base("d");
                if (refused[0].startsWith("SET STATEMENT binlog_format")) {
                    server.sql.execute("SET SESSION binlog_format='STATEMENT'");
                    server.sql.execute("UPDATE t SET v=9 WHERE k=1");
                    server.sql.execute("SET SESSION binlog_format='ROW'");
                } else if (refused[0].startsWith("SET STATEMENT binlog_row_image")) {
                    server.sql.execute("SET SESSION binlog_row_image='MINIMAL'");
                    server.sql.execute("UPDATE t SET v=8 WHERE k=1");
                    server.sql.execute("SET SESSION binlog_row_image='FULL'");
                } else {
                    server.sql.execute(refused[0]);
                }
                Throwable thrown =
                        catchThrowable(
                                () ->
                                        LogFold.run(
                                                base.request(new FoldStop.AtEnd()), server.log()));
                assertThat(thrown)
                        .as(refused[0])
                        .isInstanceOf(Problem.class)
                        .hasMessageContaining(refused[1]);
            }
        }
    }
}
