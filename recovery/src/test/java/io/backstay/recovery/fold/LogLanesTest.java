package io.backstay.recovery.fold;

import static io.backstay.recovery.fold.LogFoldTest.T;
import static io.backstay.recovery.fold.LogFoldTest.TABLE;
import static io.backstay.recovery.fold.LogFoldTest.fold;
import static io.backstay.recovery.fold.LogFoldTest.images;
import static io.backstay.recovery.fold.LogFoldTest.replaces;
import static io.backstay.recovery.fold.LogFoldTest.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.mysql.ForeignKey;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which lane a table takes for what the log does to its rows, and from where on.
class LogLanesTest {
    static LaneReason leftBecause(Fold fold) {
        return switch (fold.lanes().get(T)) {
            case TableLane.Ordered(LaneReason since) -> since;
            case TableLane.Refused(LaneReason since) -> since;
            case TableLane.Folded() -> throw new AssertionError("it is folded");
            case null -> throw new AssertionError("it is not touched");
        };
    }

    @Test
    void aTableWhoseDefinitionChangesIsFoldedUpToThereAndOrderedBehindIt() {
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        log.begin(2).query("ALTER TABLE t ADD c INT DEFAULT 'secret'").commit();
        log.begin(3).tableMap().insert(2, "y").commit();
        Fold fold = fold(log);
        assertThat(images(fold)).containsExactly("1\tx");
        assertThat(leftBecause(fold))
                .hasToString(
                        "the statement \"ALTER TABLE t ADD c INT DEFAULT ...\" (QUERY at"
                                + " binlog.000001:464, transaction 0-1-2)");
        assertThat(fold.ordered().transactions()).isEqualTo(2);
        assertThat(fold.ordered().transaction(0).gtid()).isEqualTo(MariaDbGtid.parse("0-1-2"));
        assertThat(fold.ordered().statements()).isEqualTo(1);
        assertThat(fold.ordered().rowEvents()).isEqualTo(1);
    }

    @Test
    void aStatementOnAnotherTableLeavesThisOneFolded() {
        var log = new LogWriter().begin(1).query("ALTER TABLE other ADD c INT").commit();
        log.begin(2).tableMap().insert(2, "y").commit();
        Fold fold = fold(log);
        assertThat(images(fold)).containsExactly("2\ty");
        assertThat(fold.lanes().get(T)).isEqualTo(new TableLane.Folded());
        assertThat(fold.ordered().transactions()).isEqualTo(1);
    }

    @Test
    void whatATruncatedTableHeldBeforeIsVoid() {
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        log.begin(2).query("TRUNCATE TABLE t").commit();
        log.begin(3).tableMap().insert(2, "y").commit();
        Fold fold = fold(log);
        assertThat(images(fold)).containsExactly("2\ty");
        assertThat(replaces(fold, "7\tany")).isTrue();
        assertThat(fold.ordered().isEmpty()).isTrue();
        var untouched = new LogWriter().begin(1).query("TRUNCATE TABLE t").commit();
        fold = fold(untouched.begin(2).tableMap().insert(2, "y").commit());
        assertThat(images(fold)).containsExactly("2\ty");
        assertThat(replaces(fold, "7\tany")).isTrue();
        Fold alone = fold(new LogWriter().begin(1).query("TRUNCATE d.t").commit());
        assertThat(replaces(alone, "7\tany")).isTrue();
        assertThat(images(alone)).isEmpty();
    }

    @Test
    void whatCannotBeFoldedButComesBehindTheStopIsNotLookedAt() {
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        log.begin(2).query("DROP TABLE t").commit();
        Fold fold =
                LogFold.run(
                        request("", new FoldStop.AfterGtid(MariaDbGtid.parse("0-1-1")), TABLE),
                        List.of(log.stretch()));
        assertThat(images(fold)).containsExactly("1\tx");
    }

    @Test
    void imageWithoutAColumnTakesItsTableOut() {
        var log = new LogWriter().begin(1).tableMap();
        log.rows(23, 1, 2, new byte[] {(byte) 0xFE, 1, 0, 0, 0}).commit();
        Fold fold = fold(log);
        assertThat(leftBecause(fold).reason()).isEqualTo("row images lack columns");
        assertThat(leftBecause(fold).event()).isEqualTo("INSERT rows");
        assertThat(fold.ordered().rowEvents()).isEqualTo(1);
    }

    @Test
    void aReplaceWithoutItsColumnsIsRefused() {
        for (String statement : List.of("REPLACE INTO t(id) VALUES (1)", "UPDATE t SET v = NULL")) {
            var log = new LogWriter().begin(1);
            log.annotate(statement).tableMap();
            byte[] key = {(byte) 0xFE, 1, 0, 0, 0};
            log.rows(24, 2, 2, key, key).commit();
            boolean isReplace = statement.startsWith("REPLACE");
            assertThat(fold(log).lanes().get(T))
                    .as(statement)
                    .isInstanceOf(isReplace ? TableLane.Refused.class : TableLane.Ordered.class);
        }
    }

    @Test
    void tablesThatCannotBeFoldedAreOrderedOnlyIfTouched() {
        var table =
                new TableDefinition(
                        T,
                        TableDefinition.Kind.SEQUENCE,
                        TABLE.engine(),
                        TABLE.columns(),
                        TABLE.primaryKey(),
                        List.of());
        var request = request("", new FoldStop.AtEnd(), table);
        var untouched = new LogWriter().begin(1).tableMap().commit();
        assertThat(LogFold.run(request, List.of(untouched.stretch())).lanes()).isEmpty();
        var touched = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        assertThat(leftBecause(LogFold.run(request, List.of(touched.stretch()))).reason())
                .isEqualTo("it is a sequence");
    }

    @Test
    void rowsOfATableThatNobodyMadeAreRefused() {
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").commit();
        Fold fold = LogFold.run(request("", new FoldStop.AtEnd()), List.of(log.stretch()));
        assertThat(fold.lanes().get(T)).isInstanceOf(TableLane.Refused.class);
        assertThat(leftBecause(fold).reason()).isEqualTo("the base has no such table");
        var made = new LogWriter().begin(1).query("CREATE TABLE t(id INT PRIMARY KEY)").commit();
        made.begin(2).tableMap().insert(1, "x").commit();
        fold = LogFold.run(request("", new FoldStop.AtEnd()), List.of(made.stretch()));
        assertThat(fold.lanes().get(T)).isInstanceOf(TableLane.Ordered.class);
    }

    @Test
    void parentsCascadeTakesTheWholeFamilyOut() {
        var child =
                new TableDefinition(
                        new TableName("d", "c"),
                        TABLE.kind(),
                        TABLE.engine(),
                        TABLE.columns(),
                        TABLE.primaryKey(),
                        List.of(
                                new ForeignKey(
                                        "fk",
                                        List.of("v"),
                                        T,
                                        List.of("id"),
                                        ForeignKey.Rule.CASCADE,
                                        ForeignKey.Rule.SET_NULL)));
        var request = request("", new FoldStop.AtEnd(), TABLE, child);
        var harmless =
                new LogWriter().begin(1).tableMap().insert(1, "x").update(1, "x", 1, "y").commit();
        assertThat(images(LogFold.run(request, List.of(harmless.stretch()))))
                .containsExactly("1\ty");
        for (LogWriter log :
                List.of(
                        new LogWriter().begin(1).tableMap().delete(1, "x").commit(),
                        new LogWriter().begin(1).tableMap().update(1, "x", 2, "x").commit())) {
            Fold fold = LogFold.run(request, List.of(log.stretch()));
            assertThat(leftBecause(fold).reason())
                    .contains(
                            "and the foreign key fk then changes rows of d.c, which is not in the"
                                    + " log");
            assertThat(fold.lanes().get(child.name())).isInstanceOf(TableLane.Ordered.class);
            assertThat(fold.ordered().transaction(0).events())
                    .allMatch(e -> e instanceof OrderedEvent.Rows rows && rows.keepsForeignKeys());
        }
    }

    @Test
    void contradictionRefusesItsTable() {
        var log = new LogWriter().begin(1).tableMap().insert(1, "x").insert(1, "y").commit();
        Fold fold = fold(log);
        assertThat(fold.lanes().get(T)).isInstanceOf(TableLane.Refused.class);
        assertThat(leftBecause(fold).reason())
                .isEqualTo(
                        "a row was inserted, although the log says that it was there already: rows"
                                + " were changed that are not in the log");
    }
}
