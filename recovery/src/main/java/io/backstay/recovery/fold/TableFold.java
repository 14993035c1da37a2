package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.KeyColumn;
import io.backstay.mysql.TableDefinition;
import io.backstay.recovery.run.ScratchFiles;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// One table's net changes while the log is read: by key where it has a primary key whose columns
/// are all loaded, else counted.
final class TableFold {
    private final TableDefinition definition;
    private final RowLayout layout;
    private final RowRenderer renderer;
    private final CascadeRisk cascade;
    private final MemorySegment tableMap;
    private final boolean isKeyed;
    private NetChanges changes;
    private boolean isBaseVoid;

    /// @param tableMap body of a table map event with these layouts; stays valid with the log
    /// @throws TextCodec.UnsupportedColumn if the table cannot be folded; the message says why
    TableFold(
            TableDefinition definition,
            List<ColumnLayout> layouts,
            CascadeRisk cascade,
            MemorySegment tableMap)
            throws TextCodec.UnsupportedColumn {
        requirePlainTable(definition);
        this.definition = definition;
        this.layout = new RowLayout(List.copyOf(layouts));
        this.renderer = new RowRenderer(definition, layout);
        this.cascade = cascade;
        this.tableMap = tableMap;
        this.isKeyed = hasLoadedKey(definition);
        this.changes = newChanges();
    }

    private static void requirePlainTable(TableDefinition definition)
            throws TextCodec.UnsupportedColumn {
        switch (definition.kind()) {
            case BASE_TABLE -> {}
            case SEQUENCE -> throw new TextCodec.UnsupportedColumn("it is a sequence");
            case SYSTEM_VERSIONED ->
                    throw new TextCodec.UnsupportedColumn("it is system-versioned");
            case VIEW -> throw new TextCodec.UnsupportedColumn("it is a view by its definition");
        }
    }

    private static boolean hasLoadedKey(TableDefinition definition) {
        for (KeyColumn key : definition.primaryKey()) {
            if (definition.column(key.name()).orElseThrow().generated()
                    != ColumnDefinition.Generated.NOT) {
                return false;
            }
        }
        return !definition.primaryKey().isEmpty();
    }

    private NetChanges newChanges() throws TextCodec.UnsupportedColumn {
        return isKeyed
                ? new KeyedChanges(
                        definition.name().toString(),
                        KeyIdentity.of(definition, layout.columns(), renderer.fieldOfColumn()),
                        layout,
                        isBaseVoid)
                : new CountedChanges(renderer, isBaseVoid);
    }

    long memoryBytes() {
        return changes.memoryBytes();
    }

    /// Puts its keys aside.
    ///
    /// @throws IllegalStateException unless [#isKeyed]
    /// @throws NetChanges.Contradiction if the log contradicts itself
    void spill(ScratchFiles scratch) {
        SpilledChanges spilled =
                switch (changes) {
                    case KeyedChanges keyed -> new SpilledChanges(keyed, scratch);
                    case SpilledChanges already -> already;
                    case CountedChanges _ ->
                            throw new IllegalStateException(
                                    definition.name() + " has no primary key");
                };
        changes = spilled;
        spilled.spill();
    }

    /// Files that its keys are in.
    int openRuns() {
        return changes instanceof SpilledChanges spilled ? spilled.openRuns() : 0;
    }

    /// @throws NetChanges.Contradiction if the log contradicts itself
    void mergeRuns() {
        if (changes instanceof SpilledChanges spilled) {
            spilled.mergeRuns();
        }
    }

    /// The table is emptied: what was before does not count, nor do the base's rows.
    void truncate() {
        isBaseVoid = true;
        forget();
    }

    /// As if no row had changed.
    void forget() {
        try {
            changes = newChanges();
        } catch (TextCodec.UnsupportedColumn e) {
            throw new IllegalStateException(e);
        }
    }

    TableDefinition definition() {
        return definition;
    }

    List<ColumnLayout> layouts() {
        return layout.columns();
    }

    RowLayout layout() {
        return layout;
    }

    RowRenderer renderer() {
        return renderer;
    }

    CascadeRisk cascade() {
        return cascade;
    }

    MemorySegment tableMap() {
        return tableMap;
    }

    NetChanges changes() {
        return changes;
    }

    boolean isKeyed() {
        return isKeyed;
    }

    boolean isBaseVoid() {
        return isBaseVoid;
    }
}
