package io.backstay.recovery.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.lab.TableChecksums;
import io.backstay.mysql.Server;
import io.backstay.recovery.MySqlLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A dump of mysqldump and the log files beside it, to a server that is what the source is.
@Tag("matrix")
@Timeout(300)
class MySqlImportIT {
    private final MySqlLab lab = new MySqlLab();

    @AfterEach
    void close() {
        lab.close();
    }

    /// As a comment, as a statement, and not at all: then its GTIDs say it.
    @ParameterizedTest
    @ValueSource(strings = {"--source-data=2", "--source-data=1", "--hex-blob"})
    void aDumpOfMysqldumpAndItsLogComeBackAsTheSourceIs(String option) throws Exception {
        MySqlLab.Instance source = lab.started(1);
        source.run(
                "CREATE DATABASE d CHARACTER SET latin1",
                "USE d",
                "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(20), j JSON, b BIT(5), a INT, g INT AS"
                        + " (a * 2) STORED, i INT INVISIBLE DEFAULT 4, e ENUM('','a'), ts TIMESTAMP(3) NULL, bl BLOB, u"
                        + " INT UNSIGNED ZEROFILL, c CHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, k JSON, x DOUBLE,"
                        + " n DECIMAL(20,5), y YEAR, KEY (v), KEY fi ((i + 1)), CHECK (i < 1000) NOT ENFORCED)",
                "INSERT INTO t (v, j, b, a, e, ts, bl, u, c, k, x, n, y) VALUES ('\u00e4', '{\"a\": [1.5, \"x\\\\n\"]}', 5, 3,"
                        + " 'a', '2024-01-02 03:04:05.678', X'00FF270A5C09', 7, '\u65e5', NULL, 1e300, -0.00001, 0)",
                "INSERT INTO t (v, j, k) VALUES (NULL, 'null', '[]'), ('', '\"\"', NULL)",
                "CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2",
                "INSERT INTO parts VALUES (1), (2), (3)",
                "CREATE TABLE geo (id INT PRIMARY KEY, pt POINT NOT NULL SRID 4326, SPATIAL INDEX (pt))",
                "INSERT INTO geo VALUES (1, ST_SRID(POINT(1, 2), 4326))",
                "CREATE TABLE vec (id INT PRIMARY KEY, v VECTOR(3))",
                "INSERT INTO vec VALUES (1, STRING_TO_VECTOR('[1,2,3]'))",
                "SET SESSION sql_generate_invisible_primary_key = ON",
                "CREATE TABLE h (a INT)",
                "SET SESSION sql_generate_invisible_primary_key = OFF",
                "INSERT INTO h VALUES (1), (1)",
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE c (id INT PRIMARY KEY, pid INT, CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id) ON"
                        + " DELETE CASCADE)",
                "INSERT INTO p VALUES (1), (2)",
                "INSERT INTO c VALUES (1, 1), (2, 2)",
                "CREATE VIEW w AS SELECT id FROM t",
                "CREATE TRIGGER tr BEFORE INSERT ON h FOR EACH ROW SET NEW.a = NEW.a + 1",
                "CREATE PROCEDURE pr() SELECT 1",
                "CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 5",
                "CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 77");
        Path dump = dump(source, option);
        source.run(
                "USE d",
                "UPDATE t SET v = CONCAT(v, '1'), j = JSON_SET(j, '$.b', 2)",
                "INSERT INTO h VALUES (5)",
                "DELETE FROM p WHERE id = 1",
                "DELETE FROM parts WHERE id = 2",
                "FLUSH BINARY LOGS",
                "ALTER TABLE vec ADD later INT DEFAULT 3",
                "INSERT INTO vec VALUES (2, NULL, 1)");
        Path archive = lab.folder.resolve("a");
        IntakeResult taken =
                Intake.run(
                        new IntakeRequest(
                                archive,
                                Optional.of(dump),
                                Optional.of(source.data()),
                                Optional.empty(),
                                "",
                                1),
                        RecoveryListener.silent());
        assertThat(taken.toString()).contains("JSON: a dump does not hold");
        MySqlLab.Instance target = lab.started(2);
        RestoreResult result =
                Restore.run(
                        RestoreRequest.of(archive, target.address()), RecoveryListener.silent());
        assertThat(result.unproven())
                .allMatch(line -> line.startsWith("table d.vec is the server's own word"));
        try (Server here = Server.connect(target.address());
                Server there = Server.connect(source.address())) {
            assertThat(
                            TableChecksums.of(here.connection())
                                    .differences(TableChecksums.of(there.connection())))
                    .isEmpty();
            for (String sql :
                    List.of(
                            "SELECT @@GLOBAL.gtid_executed",
                            "SELECT GROUP_CONCAT(id, HEX(v), i, HEX(j), HEX(c), HEX(bl), ts, x, n, e + 0) FROM d.t",
                            "SELECT GROUP_CONCAT(my_row_id, a) FROM d.h",
                            "SELECT HEX(v) FROM d.vec WHERE id = 1",
                            "SELECT HEX(pt) FROM d.geo",
                            "SELECT GROUP_CONCAT(TRIGGER_NAME, ACTION_STATEMENT, DEFINER) FROM information_schema.TRIGGERS"
                                    + " WHERE TRIGGER_SCHEMA = 'd'",
                            "SELECT GROUP_CONCAT(EVENT_DEFINITION, DEFINER, TIME_ZONE) FROM information_schema.EVENTS",
                            "SELECT d.f()",
                            "SELECT COUNT(*) FROM d.w")) {
                assertThat(here.requireValue(sql)).as(sql).isEqualTo(there.requireValue(sql));
            }
        }
    }

    private Path dump(MySqlLab.Instance source, String option)
            throws IOException, InterruptedException {
        Path dump = lab.folder.resolve("dump.sql");
        var command =
                new ArrayList<>(
                        List.of(
                                MySqlLab.program("mysqldump").toString(),
                                "--user=root",
                                "--socket=" + source.socket(),
                                "--single-transaction",
                                "--routines",
                                "--events",
                                option,
                                "--databases",
                                "d"));
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(dump.toFile())
                        .redirectError(lab.folder.resolve("dump.log").toFile())
                        .start();
        assertThat(process.waitFor()).isZero();
        return dump;
    }
}
