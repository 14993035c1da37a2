package io.backstay.recovery.apply;

import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.TableName;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.fold.TableLane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// For what knows net changes alone: refuses whatever else a log holds.
///
/// A table is refused unless it is folded to its end. Where everything is wanted, so is a statement
/// that no table's lane tells of. A table that is not wanted may be in any lane: a statement that
/// may touch a wanted table has taken that out of the fold too.
public final class FoldedOnly {
    private FoldedOnly() {}

    /// For changes row by row on a running server.
    ///
    /// @param names what is wanted; empty for everything
    /// @param act as `undo the stretch`
    /// @param hint the next command
    public static void require(Fold fold, Set<TableName> names, String act, String hint) {
        List<String> reasons = reasons(fold, names);
        fold.tables()
                .forEach(
                        (name, table) -> {
                            if (isWanted(name, names)
                                    && fold.lanes().get(name) instanceof TableLane.Folded) {
                                notByRow(table, reasons);
                            }
                        });
        refuse(act, reasons, hint);
    }

    /// That no XA transaction stands between its two halves at the end of what was folded: a server
    /// that is taken there could not have its second half.
    ///
    /// @param before what was there in front of it
    public static void requireNonePrepared(Fold fold, GtidSet before, String act, String hint) {
        List<Gtid> open = fold.summary().prepared().stream().filter(g -> !before.has(g)).toList();
        if (!open.isEmpty()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "cannot %s: the XA transaction %s is prepared there and has no outcome yet"
                            .formatted(act, open.getFirst()),
                    hint);
        }
    }

    /// For changes of whole tables.
    public static void requireWhole(
            Map<TableName, TableLane> lanes, List<String> others, String act, String hint) {
        List<String> reasons = ofLanes(lanes, Set.of());
        reasons.addAll(others);
        refuse(act, reasons, hint);
    }

    private static List<String> reasons(Fold fold, Set<TableName> names) {
        List<String> reasons = ofLanes(fold.lanes(), names);
        if (names.isEmpty()) {
            fold.statements().forEach(other -> reasons.add(other.reason().toString()));
        }
        return reasons;
    }

    private static List<String> ofLanes(Map<TableName, TableLane> lanes, Set<TableName> names) {
        var reasons = new ArrayList<String>();
        lanes.forEach(
                (table, lane) -> {
                    if (isWanted(table, names)) {
                        switch (lane) {
                            case TableLane.Folded() -> {}
                            case TableLane.Ordered(var since) -> reasons.add(table + ": " + since);
                            case TableLane.Refused(var since) -> reasons.add(table + ": " + since);
                        }
                    }
                });
        return reasons;
    }

    private static void notByRow(FoldedTable table, List<String> reasons) {
        TableName name = table.definition().name();
        table.emptiedBy().ifPresent(since -> reasons.add(name + ": " + since));
        if (table.emptiedBy().isEmpty() && !table.isKeyed()) {
            reasons.add(
                    name
                            + ": it has no primary key of stored columns, by which a row could be told"
                            + table.firstChange()
                                    .map(at -> " (first changed at " + at + ")")
                                    .orElse(""));
        }
    }

    private static boolean isWanted(TableName name, Set<TableName> names) {
        return names.isEmpty() || names.contains(name);
    }

    private static void refuse(String act, List<String> reasons, String hint) {
        if (!reasons.isEmpty()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "cannot %s by net changes: %s".formatted(act, String.join("; ", reasons)),
                    hint);
        }
    }
}
