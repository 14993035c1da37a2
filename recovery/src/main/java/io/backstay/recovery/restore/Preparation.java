package io.backstay.recovery.restore;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Schema;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.Rows;
import java.util.List;

/// The first changes to a target: fence, marker, databases, empty tables.
final class Preparation {
    private final Server control;
    private final RestorePlan plan;
    private final RestoreMarker marker;

    Preparation(Server control, RestorePlan plan, RestoreMarker marker) {
        this.control = control;
        this.plan = plan;
        this.marker = marker;
    }

    /// @param left tables that no earlier run has loaded whole
    /// @param lane where an earlier run has begun it, databases are as it left them
    /// @param confirmedBy what allows the target to be changed
    /// @return how the server was before the first run; none for one that others use
    Fence run(String run, List<TableLoad> left, OrderedLane lane, String confirmedBy) {
        LoadData.prepare(control);
        boolean isOurs = confirmedBy.equals(TargetProof.EMPTY) || plan.selection().isAll();
        Fence fence = isOurs ? marker.fence(control) : Fence.none();
        fence.raise(control);
        marker.create(control, run, fence);
        if (!lane.isBegun()) {
            if (!plan.isDelta()) {
                fence.withoutRedoLog(control); // what is kept must outlive a crash
            }
            makeSchemas();
        }
        if (plan.document().tables().stream().anyMatch(t -> !RowSelect.json(t).isEmpty())) {
            TypedJson.create(control);
        }
        left.forEach(this::make);
        return fence;
    }

    private void makeSchemas() {
        List<String> there = Schemas.list(control);
        for (Schema schema : plan.document().schemas()) {
            if (plan.selection().isAll() || !there.contains(schema.name())) {
                marker.schemaMade(control, schema.name());
            }
            control.execute(
                    schema.createSql()
                            .replaceFirst("^CREATE DATABASE ", "CREATE DATABASE IF NOT EXISTS "));
        }
    }

    private void make(TableLoad load) {
        if (!plan.selection().isAll()) {
            marker.tableBegun(control, load.table().qualifiedName());
        }
        if (plan.isDelta() && load.isThereAlike(control)) {
            dropTriggers(load);
        } else {
            load.make(control);
        }
    }

    /// They come back with the programs; until then they would fire.
    private void dropTriggers(TableLoad load) {
        for (var row :
                Rows.of(
                        control,
                        "SELECT TRIGGER_SCHEMA, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE"
                                + " EVENT_OBJECT_SCHEMA = "
                                + Identifier.text(load.table().schema())
                                + " AND EVENT_OBJECT_TABLE = "
                                + Identifier.text(load.table().name()))) {
            var name = new TableName(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
            control.execute("DROP TRIGGER " + Identifier.quote(name));
        }
    }
}
