package io.backstay.recovery.fold;

import io.backstay.mysql.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What each statement of a log does to the lanes of the tables that it may touch.
final class StatementLanes {
    private final TableMaps tables;
    private final Lanes lanes;
    private final SortedMap<TableName, Emptied> truncated = new TreeMap<>();
    private final List<OtherStatement> others = new ArrayList<>();
    private final Set<Long> threadsWithTables = new HashSet<>();
    private boolean hasUnknownChange;

    /// The statement that first emptied a table.
    ///
    /// @param place of its event: [NetRows]
    record Emptied(LaneReason reason, long place) {}

    StatementLanes(TableMaps tables, Lanes lanes) {
        this.tables = tables;
        this.lanes = lanes;
    }

    /// That no lane tells of; of those that touch no known table only the first.
    List<OtherStatement> others() {
        return List.copyOf(others);
    }

    /// Tables that are folded and whose base rows are void, with the statement that first emptied
    /// them.
    SortedMap<TableName, Emptied> truncated() {
        return truncated;
    }

    /// Rows in statement format are there already; definitions are not as the base has them.
    void takeEarlier(EarlierStatement earlier) {
        SqlText sql = SqlText.of(earlier.query());
        StatementMeaning meaning = Statements.of(sql.text());
        var reason =
                new LaneReason(
                        earlier.origin(),
                        "QUERY",
                        earlier.gtid(),
                        "between the base and this place stands the statement \"%s\""
                                .formatted(Statements.shown(sql.text())));
        if (meaning == StatementMeaning.PROGRAM) {
            learn(sql, reason);
        } else if (meaning == StatementMeaning.DATABASE && Statements.isReplacing(sql.text())) {
            lanes.leaveWithFamily(lanes.inDatabasesNamed(sql), reason);
        } else if (meaning == StatementMeaning.CHANGE && !Statements.isOfRows(sql.text())) {
            lanes.leaveWithFamily(lanes.touchedBy(sql), reason);
            lanes.noteStatement();
        }
    }

    /// @param reason names the statement
    void take(OpenTransaction.Statement statement, LaneReason reason) {
        SqlText sql = statement.sql();
        if (Statements.isTemporary(sql.text())) {
            threadsWithTables.add(statement.thread());
        }
        switch (statement.meaning()) {
            case COMMIT,
                    ROLLBACK,
                    SAVEPOINT,
                    ROLLBACK_TO,
                    XA_COMMIT,
                    XA_ROLLBACK,
                    HARMLESS,
                    DROP_TEMPORARY -> {}
            case ACCOUNT -> note(statement, reason);
            case PROGRAM -> {
                note(statement, reason);
                learn(sql, reason);
            }
            case DATABASE -> {
                note(statement, reason);
                lanes.noteStatement();
                if (Statements.isReplacing(sql.text())) {
                    lanes.leaveWithFamily(lanes.inDatabasesNamed(sql), reason);
                }
            }
            case TRUNCATE -> truncate(statement, reason);
            case CHANGE -> {
                change(statement, reason);
                lanes.noteStatement();
            }
        }
    }

    private void note(OpenTransaction.Statement statement, LaneReason reason) {
        others.add(
                new OtherStatement(
                        statement.meaning(),
                        statement.sql().text(),
                        statement.sql().database(),
                        reason));
    }

    /// What it names changes nothing yet; where its own name cannot be told, all that it names is
    /// taken for touched, now and by every statement behind it.
    private void learn(SqlText sql, LaneReason reason) {
        var program = Statements.program(sql);
        if (program.isPresent()) {
            lanes.learn(program.get());
        } else if (!Statements.isDrop(sql.text())) {
            lanes.leaveWithFamily(lanes.touchedBy(sql), reason);
            lanes.learnUnnamed(sql);
        }
    }

    private void change(OpenTransaction.Statement statement, LaneReason reason) {
        Set<TableName> touched = lanes.touchedBy(statement.sql());
        String wrong =
                statement.errorCode() != 0
                        ? " failed half way on its server with error " + statement.errorCode()
                        : isOfEarlierSession(statement)
                                ? " may use a temporary table that its session made before this log"
                                : "";
        if (wrong.isEmpty()) {
            lanes.leaveWithFamily(touched, reason);
            if (touched.isEmpty() && !hasUnknownChange) {
                hasUnknownChange = true;
                note(statement, reason);
            }
            return;
        }
        LaneReason refused =
                new LaneReason(
                        reason.origin(), reason.event(), reason.gtid(), reason.reason() + wrong);
        touched.forEach(table -> lanes.refuse(table, refused));
        if (touched.isEmpty()) {
            lanes.refuse(
                    new TableName(
                            statement.sql().database(), "(of session " + statement.thread() + ")"),
                    refused);
        }
    }

    /// Something that only its session has is used, and it can be nothing but a table that is made
    /// nowhere in the log. A server says so of each table that it drops, and logs the dropping of
    /// such tables apart.
    private boolean isOfEarlierSession(OpenTransaction.Statement statement) {
        return statement.isOfThread()
                && !threadsWithTables.contains(statement.thread())
                && !Statements.isOnlyReplacing(statement.sql().text())
                && !Statements.namesItsSession(statement.sql().text());
    }

    /// A folded table begins anew; its foreign keys do not matter: nothing cascades.
    private void truncate(OpenTransaction.Statement statement, LaneReason reason) {
        Set<TableName> touched = lanes.touchedBy(statement.sql());
        if (touched.size() != 1
                || statement.errorCode() != 0
                || statement.isOfThread()
                || touched.stream().anyMatch(t -> !lanes.isFolded(t))) {
            change(statement, reason);
            return;
        }
        TableName name = touched.iterator().next();
        TableFold fold = tables.folds().get(name);
        if (fold != null) {
            fold.truncate();
        }
        truncated.putIfAbsent(
                name,
                new Emptied(reason, NetRows.place(statement.stretch(), statement.eventOffset())));
    }
}
