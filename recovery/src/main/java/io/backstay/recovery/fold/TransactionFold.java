package io.backstay.recovery.fold;

import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.binlog.RowsEvent;
import io.backstay.mysql.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Takes one committed transaction after the other: decides which tables leave the fold with it,
/// folds the rows of those that stay, and keeps the events of the others in order.
final class TransactionFold {
    private final TableMaps tables;
    private final Lanes lanes;
    private final RowsApplier applier;
    private final OrderedLog ordered;
    private final KeyMemory memory;
    private final boolean isSurvey;

    /// MySQL logs a REPLACE with every column that it reset, whatever the row image; MariaDB does
    /// not.
    private final boolean logsWholeReplace;

    private final StatementLanes statements;

    TransactionFold(FoldRequest request, TableMaps tables, List<LogStretch> stretches) {
        this.tables = tables;
        this.lanes = new Lanes(request.tables().values(), request.programs());
        this.logsWholeReplace = request.after() instanceof MySqlGtidSet;
        this.applier = new RowsApplier(stretches);
        this.ordered = new OrderedLog(stretches);
        this.memory = new KeyMemory(request.memory(), tables.folds().values());
        this.isSurvey = request.isSurvey();
        this.statements = new StatementLanes(tables, lanes);
        request.earlier().forEach(statements::takeEarlier);
    }

    Lanes lanes() {
        return lanes;
    }

    OrderedLog ordered() {
        return ordered;
    }

    RowsApplier applier() {
        return applier;
    }

    StatementLanes statements() {
        return statements;
    }

    /// @param isRolledBack it ended with ROLLBACK: only what cannot be rolled back changed
    void take(OpenTransaction transaction, boolean isRolledBack) {
        decide(transaction, isRolledBack);
        boolean isOrdered = transaction.items().stream().anyMatch(this::isOrderedByItself);
        if (isOrdered) {
            ordered.begin(
                    transaction.gtid(), isRolledBack, transaction.items().getFirst().stretch());
        }
        for (OpenTransaction.Item item : transaction.items()) {
            if (item instanceof OpenTransaction.Rows rows && lanes.isFolded(rows.table().name())) {
                fold(rows, transaction);
            } else if (isOrdered && isOrdered(item)) {
                add(item);
            }
        }
    }

    /// Savepoints and settings alone need no order.
    private boolean isOrderedByItself(OpenTransaction.Item item) {
        return switch (item) {
            case OpenTransaction.Setting _ -> false;
            case OpenTransaction.Rows _ -> isOrdered(item);
            case OpenTransaction.Statement statement ->
                    statement.meaning() != StatementMeaning.SAVEPOINT
                            && statement.meaning() != StatementMeaning.ROLLBACK_TO
                            && isOrdered(item);
        };
    }

    private void decide(OpenTransaction transaction, boolean isRolledBack) {
        boolean isPartlyTakenBack = isRolledBack;
        for (OpenTransaction.Item item : transaction.items()) {
            switch (item) {
                case OpenTransaction.Rows rows -> decideRows(rows, transaction);
                case OpenTransaction.Statement statement -> {
                    isPartlyTakenBack |= statement.meaning() == StatementMeaning.ROLLBACK_TO;
                    statements.take(
                            statement,
                            reason(
                                    statement,
                                    transaction,
                                    "the statement \"%s\""
                                            .formatted(Statements.shown(statement.sql().text()))));
                }
                case OpenTransaction.Setting _ -> {}
            }
        }
        if (isPartlyTakenBack) {
            for (OpenTransaction.Item item : transaction.items()) {
                if (item instanceof OpenTransaction.Rows rows) {
                    leave(
                            rows.table().name(),
                            reason(
                                    item,
                                    transaction,
                                    "its transaction, or a part of it, was rolled back in the log"));
                }
            }
        }
    }

    private void decideRows(OpenTransaction.Rows rows, OpenTransaction transaction) {
        TableName name = rows.table().name();
        if (!logsWholeReplace
                && !rows.isFull()
                && rows.change() == RowsEvent.Change.UPDATE
                && (rows.mayBeOfReplace() || lanes.hasReplacingProgram())) {
            // the server logs it as an update without the columns that it set to their defaults
            lanes.refuse(
                    name,
                    reason(
                            rows,
                            transaction,
                            "row images lack columns, and this may be a REPLACE, which is logged without"
                                    + " those that it reset: the log does not hold what the row became"));
        }
        if (!lanes.isFolded(name)) {
            return;
        }
        TableFold fold = rows.table().fold();
        String why =
                fold == null ? rows.table().refusal() : rows.isFull() ? null : whyNotWhole(rows);
        if (rows.table().isUnexplained()) {
            lanes.refuse(
                    name,
                    reason(
                            rows,
                            transaction,
                            why + ", and no statement of the log says how it came to that"));
            return;
        }
        if (why != null) {
            leave(name, reason(rows, transaction, why));
            return;
        }
        String cascade = fold == null ? null : applier.cascade(rows, fold);
        if (cascade != null) {
            lanes.leaveWithFamily(Set.of(name), reason(rows, transaction, cascade));
        }
    }

    private static String whyNotWhole(OpenTransaction.Rows rows) {
        return rows.isPartial()
                ? "images hold differences of JSON values"
                : "row images lack columns";
    }

    /// With its family, if the server may have to change rows of children some time.
    private void leave(TableName name, LaneReason reason) {
        if (tables.hasCascade(name)) {
            lanes.leaveWithFamily(Set.of(name), reason);
        } else {
            lanes.leave(name, reason);
        }
    }

    private boolean isOrdered(OpenTransaction.Item item) {
        return switch (item) {
            case OpenTransaction.Rows rows -> lanes.isOrdered(rows.table().name());
            case OpenTransaction.Setting _ -> true;
            case OpenTransaction.Statement statement ->
                    switch (statement.meaning()) {
                        case COMMIT, ROLLBACK, HARMLESS, XA_COMMIT, XA_ROLLBACK -> false;
                        case DROP_TEMPORARY -> ordered.hasTemporaryTables();
                        case TRUNCATE ->
                                lanes.touchedBy(statement.sql()).stream()
                                        .noneMatch(lanes::isFolded);
                        case SAVEPOINT, ROLLBACK_TO, PROGRAM, ACCOUNT, DATABASE, CHANGE -> true;
                    };
        };
    }

    private void add(OpenTransaction.Item item) {
        switch (item) {
            case OpenTransaction.Rows rows ->
                    ordered.addRows(rows, lanes.keepsForeignKeys(rows.table().name()));
            case OpenTransaction.Statement statement -> ordered.addStatement(statement);
            case OpenTransaction.Setting setting -> ordered.addSetting(setting);
        }
    }

    private void fold(OpenTransaction.Rows rows, OpenTransaction transaction) {
        TableFold fold = rows.table().fold();
        if (fold == null || isSurvey) {
            return;
        }
        if (!fold.isBaseVoid() && statements.truncated().containsKey(rows.table().name())) {
            // it was emptied before the log had the first row of it
            fold.truncate();
        }
        try {
            applier.apply(rows, fold);
        } catch (NetChanges.Contradiction e) {
            lanes.refuse(
                    rows.table().name(), reason(rows, transaction, String.valueOf(e.getMessage())));
        }
        memory.keep(applier.rows(), this::refuse);
    }

    /// When the log has been read. What contradicts the log is refused.
    void finish() {
        for (TableFold fold : tables.folds().values()) {
            try {
                fold.changes().finish();
            } catch (NetChanges.Contradiction e) {
                refuse(fold, e);
            }
        }
    }

    private void refuse(TableFold fold, NetChanges.Contradiction contradiction) {
        fold.forget();
        lanes.refuse(
                fold.definition().name(),
                new LaneReason(
                        applier.originOf(contradiction.place()),
                        "rows",
                        "not told",
                        String.valueOf(contradiction.getMessage())));
    }

    private LaneReason reason(
            OpenTransaction.Item item, OpenTransaction transaction, String reason) {
        EventOrigin origin = applier.origin(item);
        String event =
                item instanceof OpenTransaction.Rows rows ? rows.change() + " rows" : "QUERY";
        return new LaneReason(origin, event, transaction.gtid().toString(), reason);
    }

    /// The lane of every table that left the fold or was folded.
    Map<TableName, TableLane> lanesTaken() {
        var taken = new TreeMap<TableName, TableLane>();
        tables.folds().keySet().forEach(name -> taken.put(name, new TableLane.Folded()));
        statements.truncated().keySet().forEach(name -> taken.put(name, new TableLane.Folded()));
        taken.putAll(lanes.left());
        return taken;
    }
}
