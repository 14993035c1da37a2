package io.backstay.recovery.restore;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.TableName;
import io.backstay.recovery.apply.FoldedOnly;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.OtherStatement;
import io.backstay.recovery.fold.StatementMeaning;
import io.backstay.recovery.fold.TableLane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a plan needs of a log and cannot have exactly.
///
/// - A whole restore needs every table, in either lane. Tables of the server's own schemas are in
///   no base: they are for [#unproven].
/// - A part knows no ordered lane, since what its statements read beside it is not there; tables
///   that it leaves out may be in any.
/// - A delta knows net changes alone.
final class Refusals {
    private static final String BEFORE =
            "take a new base behind this place with `backstay backup`, or restore to a point"
                    + " before it: `backstay restore --until GTID`.";

    private Refusals() {}

    static void require(RestorePlan plan, Fold fold) {
        if (plan.isDelta()) {
            requireFolded(
                    fold,
                    "put a server right by key ranges",
                    "restore into a fresh server, without --delta: that knows the ordered lane.");
        } else if (plan.selection().isAll()) {
            refuse("cannot restore exactly: ", ofWhole(fold.lanes()), BEFORE);
        } else {
            refuse(
                    "cannot restore this part exactly: ",
                    ofPart(plan, fold),
                    "restore everything into a scratch server and copy the part from there; or "
                            + BEFORE);
        }
    }

    /// That everything is folded to its end.
    static void requireFolded(Fold fold, String act, String hint) {
        FoldedOnly.requireWhole(
                fold.lanes(),
                fold.statements().stream().map(other -> other.reason().toString()).toList(),
                act,
                hint);
    }

    /// Why a log is more than its net row changes; empty if it is not.
    static Optional<String> whyNotNetChanges(Fold fold) {
        for (var lane : fold.lanes().entrySet()) {
            Optional<String> reason =
                    switch (lane.getValue()) {
                        case TableLane.Folded() -> Optional.empty();
                        case TableLane.Ordered(var since) ->
                                Optional.of(lane.getKey() + " is ordered: " + since);
                        case TableLane.Refused(var since) ->
                                Optional.of(lane.getKey() + " is refused: " + since);
                    };
            if (reason.isPresent()) {
                return reason;
            }
        }
        if (!fold.statements().isEmpty()) {
            return Optional.of(fold.statements().getFirst().reason().toString());
        }
        return fold.summary().unfinished().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "transaction %s has no end in it"
                                .formatted(fold.summary().unfinished().getFirst()));
    }

    private static List<String> ofWhole(Map<TableName, TableLane> lanes) {
        var reasons = new ArrayList<String>();
        lanes.forEach(
                (table, lane) -> {
                    if (lane instanceof TableLane.Refused(var since) && !isSystem(table)) {
                        reasons.add(table + ": " + since);
                    }
                });
        return reasons;
    }

    private static List<String> ofPart(RestorePlan plan, Fold fold) {
        var reasons = new ArrayList<String>();
        fold.lanes()
                .forEach(
                        (table, lane) -> {
                            if (plan.selection().wants(table.schema(), table.table())) {
                                switch (lane) {
                                    case TableLane.Folded() -> {}
                                    case TableLane.Ordered(var since) ->
                                            reasons.add(table + ": " + since);
                                    case TableLane.Refused(var since) ->
                                            reasons.add(table + ": " + since);
                                }
                            }
                        });
        for (OtherStatement statement : fold.statements()) {
            if (statement.meaning() != StatementMeaning.ACCOUNT
                    && plan.wholeSchemas().stream().anyMatch(statement::mayConcern)) {
                reasons.add(String.valueOf(statement.reason()));
            }
        }
        return reasons;
    }

    private static void refuse(String what, List<String> reasons, String hint) {
        if (!reasons.isEmpty()) {
            throw new Problem(ErrorCode.UNSUPPORTED, what + String.join("; ", reasons), hint);
        }
    }

    /// Of a whole restore, for its certificate: what the log changed and the target does not have.
    static List<String> unproven(Fold fold) {
        var unproven = new ArrayList<String>();
        fold.lanes()
                .forEach(
                        (table, lane) -> {
                            if (lane instanceof TableLane.Refused(var since) && isSystem(table)) {
                                unproven.add(
                                        "rows of the system table %s were changed and are not restored: %s"
                                                .formatted(table, since));
                            }
                        });
        fold.summary()
                .prepared()
                .forEach(
                        gtid ->
                                unproven.add(
                                        "the XA transaction %s is prepared and has no outcome yet: its rows are not in,"
                                                        .formatted(gtid)
                                                + " and a server that goes on from here lacks it"));
        return unproven;
    }

    private static boolean isSystem(TableName table) {
        return Schemas.SYSTEM.contains(table.schema());
    }
}
