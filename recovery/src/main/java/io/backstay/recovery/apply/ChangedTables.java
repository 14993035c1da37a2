package io.backstay.recovery.apply;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ForeignKey;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The tables whose net changes are to go onto a running server, each behind those it hangs on by a
/// foreign key, as far as there is such an order.
public final class ChangedTables {
    private final Server server;
    private final BaseDocument base;
    private final Fold fold;
    private final Map<TableName, TableDefinition> there = new HashMap<>();

    private ChangedTables(Server server, BaseDocument base, Fold fold) {
        this.server = server;
        this.base = base;
        this.fold = fold;
        for (String schema : Schemas.list(server)) {
            there.putAll(Schemas.tables(server, schema));
        }
    }

    /// Errors: a table that the server does not have as the base has it.
    ///
    /// @param names empty for all that the stretch changed
    public static List<TableChanges> of(
            Server server,
            BaseDocument base,
            Fold fold,
            Set<TableName> names,
            TableChanges.Direction direction) {
        return new ChangedTables(server, base, fold).tables(names, direction);
    }

    /// Deletes, updates, inserts: children go before their parents and come after them.
    public static void applyAll(List<TableChanges> tables, Server server, RowEvents events) {
        tables.reversed().forEach(t -> t.apply(server, events, RowEvents.Act.DELETE));
        tables.forEach(t -> t.apply(server, events, RowEvents.Act.UPDATE));
        tables.forEach(t -> t.apply(server, events, RowEvents.Act.INSERT));
    }

    private List<TableChanges> tables(Set<TableName> names, TableChanges.Direction direction) {
        var wanted = new LinkedHashSet<TableName>(names);
        if (wanted.isEmpty()) {
            wanted.addAll(fold.tables().keySet());
        }
        var byName = new HashMap<TableName, Table>();
        base.tables().forEach(table -> byName.put(table.definition().name(), table));
        var ordered = new ArrayList<TableChanges>();
        var done = new LinkedHashSet<TableName>();
        wanted.forEach(name -> behindParents(name, wanted, done));
        for (TableName name : done) {
            Table table = byName.get(name);
            if (table == null) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "base %s has no table %s".formatted(base.id(), name),
                        "names are as the source spelled them: `--tables DATABASE.TABLE`.");
            }
            Optional<FoldedTable> changes = fold.find(name);
            if (changes.isPresent()) {
                requireSameTable(table);
                ordered.add(new TableChanges(table, changes.get(), direction, children(name)));
            }
        }
        return ordered;
    }

    private void behindParents(TableName name, Set<TableName> wanted, Set<TableName> done) {
        var open = new LinkedHashSet<TableName>();
        visit(name, wanted, done, open);
    }

    private void visit(
            TableName name, Set<TableName> wanted, Set<TableName> done, Set<TableName> open) {
        if (done.contains(name) || !open.add(name)) {
            return;
        }
        TableDefinition table = there.get(name);
        if (table != null) {
            for (ForeignKey key : table.foreignKeys()) {
                if (wanted.contains(key.parent())) {
                    visit(key.parent(), wanted, done, open);
                }
            }
        }
        done.add(name);
    }

    private void requireSameTable(Table table) {
        TableName name = table.definition().name();
        TableDefinition now = there.get(name);
        String what =
                now == null
                        ? "the server has no such table"
                        : !now.columns().equals(table.definition().columns())
                                        || !now.primaryKey().equals(table.definition().primaryKey())
                                ? "its columns or its key are not as the base has them"
                                : !now.engine().orElse("").equalsIgnoreCase("InnoDB")
                                        ? "its engine, %s, has no transactions"
                                                .formatted(now.engine().orElse("?"))
                                        : "";
        if (!what.isEmpty()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "cannot change rows of %s on %s: %s".formatted(name, server.address(), what),
                    "restore the table beside it and compare: `backstay restore --tables %s --rename-database %s=%s_before`."
                            .formatted(name, name.schema(), name.schema()));
        }
    }

    private List<TableChanges.Child> children(TableName parent) {
        var children = new ArrayList<TableChanges.Child>();
        for (TableDefinition table : there.values()) {
            for (ForeignKey key : table.foreignKeys()) {
                boolean isOurs =
                        key.parent().schema().equalsIgnoreCase(parent.schema())
                                && key.parent().table().equalsIgnoreCase(parent.table());
                if (isOurs) {
                    children.add(
                            new TableChanges.Child(
                                    table.name(),
                                    key.name(),
                                    key.columns(),
                                    RowKey.of(
                                            Objects.requireNonNull(there.get(parent)),
                                            key.parentColumns())));
                }
            }
        }
        return children;
    }
}
