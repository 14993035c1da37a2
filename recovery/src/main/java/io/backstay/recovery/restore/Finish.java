package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.mysql.Server;
import io.backstay.recovery.fold.OrderedLog;
import io.backstay.recovery.lane.LoggedAccounts;
import java.util.List;

/// The last changes to a target whose tables are proven: accounts and GTID state.
final class Finish {
    private final Server control;
    private final RestorePlan plan;
    private final boolean withAccounts;
    private final List<String> notes;

    Finish(Server control, RestorePlan plan, RestoreRequest request, List<String> notes) {
        this.control = control;
        this.plan = plan;
        this.withAccounts = request.withAccounts();
        this.notes = notes;
    }

    /// The accounts of the base, if they are wanted.
    void makeAccounts() {
        if (withAccounts) {
            new Programs(control)
                    .accounts(plan.document().accounts())
                    .ifPresent(
                            own ->
                                    notes.add(
                                            "account "
                                                    + own
                                                    + " is as the target had it: the restore logged in as it"));
        }
    }

    /// Accounts and GTID state; a part of a base has neither.
    ///
    /// @param ordered with statements on accounts; where it has events, [#makeAccounts] was called
    ///   before them
    /// @return the binary log state the server was given; empty if it writes none
    String run(RestoreMarker marker, GtidSet state, OrderedLog ordered) {
        if (!plan.selection().isAll()) {
            notes.add(
                    "the target's GTID state and binary log are as they were: a part of a base is no position");
            return "";
        }
        if (ordered.isEmpty()) {
            makeAccounts();
        }
        if (withAccounts) {
            String own = control.requireValue("SELECT CURRENT_USER()");
            notes.addAll(
                    LoggedAccounts.run(control, ordered, own.substring(0, own.lastIndexOf('@'))));
            LoadData.prepare(control);
        }
        return TargetFlavour.of(control).giveState(state, marker, notes);
    }
}
