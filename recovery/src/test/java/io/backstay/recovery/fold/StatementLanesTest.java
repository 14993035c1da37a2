package io.backstay.recovery.fold;

import static io.backstay.recovery.fold.LogFoldTest.T;
import static io.backstay.recovery.fold.LogFoldTest.TABLE;
import static io.backstay.recovery.fold.LogFoldTest.images;
import static io.backstay.recovery.fold.LogFoldTest.request;
import static io.backstay.recovery.fold.LogLanesTest.leftBecause;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.QueryEvent;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What statements do to the lanes of tables that they reach, by whatever way.
class StatementLanesTest {
    private static final TableName OTHER = new TableName("d", "other");

    private static FoldRequest with(StoredProgram... programs) {
        FoldRequest plain = request("", new FoldStop.AtEnd(), TABLE, named(OTHER));
        return new FoldRequest(
                plain.tables(),
                List.of(programs),
                List.of(),
                plain.after(),
                plain.stop(),
                false,
                List.of());
    }

    private static TableDefinition named(TableName name) {
        return new TableDefinition(
                name, TABLE.kind(), TABLE.engine(), TABLE.columns(), TABLE.primaryKey(), List.of());
    }

    private static Fold fold(LogWriter log) {
        return LogFoldTest.fold(log);
    }

    private static Fold fold(FoldRequest request, LogWriter log) {
        return LogFold.run(request, List.of(log.stretch()));
    }

    /// Of a log with that statement behind a row of the table.
    private static Fold behindARow(FoldRequest request, String statement) {
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        return fold(request, log.begin(2).query(statement).commit());
    }

    @Test
    void aStatementTakesOutWhatItReachesThroughAView() {
        var view =
                new StoredProgram("VIEW", "e", "v", "CREATE VIEW `e`.`v` AS SELECT * FROM `d`.`t`");
        Fold fold = behindARow(with(view), "DELETE FROM e.v");
        assertThat(fold.lanes().get(T)).isInstanceOf(TableLane.Ordered.class);
        assertThat(behindARow(with(), "DELETE FROM e.v").lanes().get(T))
                .isEqualTo(new TableLane.Folded());
    }

    @Test
    void aStatementTakesOutWhatTheTriggersOfATableMadeInTheLogReach() {
        var log = new LogWriter().begin(1).query("CREATE TABLE made (a INT)").commit();
        log.begin(2)
                .query(
                        "CREATE DEFINER=`r`@`%` TRIGGER tr AFTER INSERT ON made FOR EACH ROW DELETE FROM t")
                .commit();
        log.begin(3).tableMap().insert(1, "x").commit();
        assertThat(fold(with(), log).lanes().get(T)).isEqualTo(new TableLane.Folded());
        log.begin(4).query("INSERT INTO made VALUES (1)").commit();
        assertThat(leftBecause(fold(with(), log)).gtid()).isEqualTo("0-1-4");
    }

    @Test
    void aProgramThatHidesItsNameIsTakenForReachedByEveryStatement() {
        for (String hidden :
                List.of(
                        "/*!50003 CREATE TRIGGER tr AFTER INSERT ON made FOR EACH ROW SELECT f() */",
                        "CREATE TRIGGER /* c */ tr AFTER INSERT ON made FOR EACH ROW SELECT f()")) {
            var log = new LogWriter().begin(1).query(hidden).commit();
            log.begin(2)
                    .query("CREATE FUNCTION f() RETURNS INT BEGIN DELETE FROM t; RETURN 1; END")
                    .commit();
            log.begin(3).tableMap().insert(1, "x").commit();
            log.begin(4).query("INSERT INTO made VALUES (1)").commit();
            assertThat(leftBecause(fold(with(), log)).gtid()).as(hidden).isEqualTo("0-1-4");
        }
    }

    @Test
    void aStatementThatUsesATemporaryTableWhichTheLogDoesNotMakeIsRefused() {
        int ofThread = 4;
        for (String statement : List.of("UPDATE t SET v = 'y'", "TRUNCATE TABLE t")) {
            var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
            log.begin(2).query(statement, 7, ofThread, 0, 0).commit();
            Fold fold = fold(log);
            assertThat(fold.lanes().get(T)).as(statement).isInstanceOf(TableLane.Refused.class);
            assertThat(leftBecause(fold).reason())
                    .isEqualTo(
                            "the statement \"%s\" may use a temporary table that its session made before this log"
                                    .formatted(statement.replace("'y'", "...")));
        }
        var unknown = new LogWriter().begin(1).query("DELETE FROM tt", 7, ofThread, 0, 0).commit();
        assertThat(fold(unknown).lanes()).containsOnlyKeys(new TableName("d", "(of session 7)"));
        for (String before : List.of("CREATE TEMPORARY TABLE tt (a INT)", "DROP TABLE tt")) {
            var log = new LogWriter().begin(1).query(before, 7, ofThread, 0, 0).commit();
            boolean isMade = before.startsWith("CREATE");
            log.begin(2).query("UPDATE t SET v = 'y'", 7, ofThread, 0, 0).commit();
            assertThat(fold(log).lanes().get(T))
                    .as(before)
                    .isInstanceOf(isMade ? TableLane.Ordered.class : TableLane.Refused.class);
        }
        var number = new LogWriter().begin(1);
        number.query("UPDATE t SET v = CONNECTION_ID()", 7, ofThread, 0, 0).commit();
        assertThat(fold(number).lanes().get(T)).isInstanceOf(TableLane.Ordered.class);
    }

    @Test
    void aStatementThatFailedHalfWayRefusesWhatItTouches() {
        for (String statement : List.of("UPDATE t SET v = 'y'", "TRUNCATE TABLE t")) {
            var log = new LogWriter().begin(1).query(statement, 1, 0, 1062, 0).commit();
            assertThat(leftBecause(fold(log)).reason())
                    .endsWith(" failed half way on its server with error 1062");
            assertThat(fold(log).lanes().get(T)).isInstanceOf(TableLane.Refused.class);
        }
    }

    @Test
    void columnsThatChangedWithoutAStatementAreRefusedNotExecuted() {
        var three =
                new TableDefinition(
                        T,
                        TABLE.kind(),
                        TABLE.engine(),
                        List.of(
                                TABLE.columns().get(0),
                                TABLE.columns().get(1),
                                TABLE.columns().get(1)),
                        TABLE.primaryKey(),
                        List.of());
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        Fold fold = fold(request("", new FoldStop.AtEnd(), three), log);
        assertThat(fold.lanes().get(T)).isInstanceOf(TableLane.Refused.class);
        assertThat(leftBecause(fold).reason())
                .isEqualTo(
                        "it has 3 columns by its definition and 2 in the log, and no statement of the log says"
                                + " how it came to that");
        var altered = new LogWriter().begin(1).query("ALTER TABLE t DROP w").commit();
        altered.begin(2).tableMap().insert(1, "x").commit();
        assertThat(fold(request("", new FoldStop.AtEnd(), three), altered).lanes().get(T))
                .isInstanceOf(TableLane.Ordered.class);
    }

    @Test
    void anImageWithoutColumnsMayBeOfAReplaceThatNobodyNames() {
        byte[] key = {(byte) 0xFE, 1, 0, 0, 0};
        var unnamed = new LogWriter().begin(1).tableMap().rows(24, 2, 2, key, key).commit();
        assertThat(fold(unnamed).lanes().get(T)).isInstanceOf(TableLane.Refused.class);
        var log = new LogWriter().begin(1).annotate("INSERT INTO other VALUES (1)").tableMap();
        log.rows(24, 2, 2, key, key).commit();
        assertThat(fold(with(), log).lanes().get(T)).isInstanceOf(TableLane.Ordered.class);
        for (String body :
                List.of("REPLACE INTO t(id) VALUES (1)", "SET @a = REPLACE('a','b','c')")) {
            var trigger =
                    new StoredProgram(
                            "TRIGGER",
                            "d",
                            "tr",
                            "CREATE OR REPLACE TRIGGER tr AFTER INSERT ON other FOR EACH ROW "
                                    + body);
            assertThat(fold(with(trigger), log).lanes().get(T))
                    .as(body)
                    .isInstanceOf(
                            body.startsWith("REPLACE")
                                    ? TableLane.Refused.class
                                    : TableLane.Ordered.class);
        }
    }

    @Test
    void definitionsInFrontOfTheStretchTakeTheirTablesOutAndRowsDoNot() {
        var origin = new EventOrigin("binlog.000001", 4);
        var log = new LogWriter().begin(5).tableMap().insert(1, "x").commit();
        for (String statement :
                List.of(
                        "ALTER TABLE t ADD FOREIGN KEY (v) REFERENCES other (id)",
                        "RENAME TABLE t TO u, other TO t",
                        "UPDATE t SET v = 'y'",
                        "CREATE TEMPORARY TABLE t2 LIKE t",
                        "CREATE VIEW v AS SELECT * FROM t")) {
            FoldRequest plain = request("0-1-4", new FoldStop.AtEnd(), TABLE);
            var earlier =
                    new EarlierStatement(new QueryEvent(1, 0, "d", statement), "0-1-2", origin);
            var request =
                    new FoldRequest(
                            plain.tables(),
                            List.of(),
                            List.of(earlier),
                            plain.after(),
                            plain.stop(),
                            false,
                            List.of());
            boolean defines = statement.startsWith("ALTER") || statement.startsWith("RENAME");
            assertThat(fold(request, log).lanes().get(T))
                    .as(statement)
                    .isInstanceOf(defines ? TableLane.Ordered.class : TableLane.Folded.class);
        }
    }

    @Test
    void aPreparedTransactionWithoutOutcomeIsTold() {
        var xid = new byte[15];
        xid[1] = 1;
        xid[5] = 2;
        xid[13] = 'x';
        xid[14] = '1';
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").event(38, xid);
        Fold open = fold(log);
        assertThat(images(open)).isEmpty();
        assertThat(open.summary().prepared()).containsExactly(MariaDbGtid.parse("0-1-1"));
        Fold ended = fold(log.begin(2).query("XA COMMIT X'7831',X'',1"));
        assertThat(images(ended)).containsExactly("1\tx");
        assertThat(ended.summary().prepared()).isEmpty();
    }
}
