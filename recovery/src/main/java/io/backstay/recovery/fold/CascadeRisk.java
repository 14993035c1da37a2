package io.backstay.recovery.fold;

import io.backstay.mysql.ForeignKey;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The foreign keys through which a change of one parent's row makes the server change rows of its
/// children, unlogged.
final class CascadeRisk {
    private final List<Reference> references = new ArrayList<>();

    private record Reference(TableName child, ForeignKey key, List<Integer> parentColumns) {}

    static CascadeRisk of(TableDefinition parent, Collection<TableDefinition> all) {
        var risk = new CascadeRisk();
        for (TableDefinition child : all) {
            for (ForeignKey key : child.foreignKeys()) {
                boolean cascades =
                        key.onDelete().changesTheChild() || key.onUpdate().changesTheChild();
                if (cascades && isParent(key.parent(), parent.name())) {
                    List<Integer> columns =
                            key.parentColumns().stream()
                                    .map(name -> position(parent, name))
                                    .toList();
                    risk.references.add(new Reference(child.name(), key, columns));
                }
            }
        }
        return risk;
    }

    /// By name without case: a server may fold the case of the names in a foreign key.
    private static boolean isParent(TableName named, TableName table) {
        return named.schema().equalsIgnoreCase(table.schema())
                && named.table().equalsIgnoreCase(table.table());
    }

    private static int position(TableDefinition parent, String column) {
        return parent.column(column)
                        .orElseThrow(() -> new IllegalArgumentException("no column " + column))
                        .position()
                - 1;
    }

    boolean isEmpty() {
        return references.isEmpty();
    }

    /// Why a delete may have changed other tables; null if it cannot have.
    @Nullable String ofDelete() {
        for (Reference reference : references) {
            if (reference.key.onDelete().changesTheChild()) {
                return reason(reference, "deleted");
            }
        }
        return null;
    }

    /// Why an update may have changed other tables; null if it cannot have.
    @Nullable String ofUpdate(RowLayout layout, MemorySegment s, long before, long after) {
        for (Reference reference : references) {
            if (reference.key.onUpdate().changesTheChild()) {
                for (int column : reference.parentColumns) {
                    if (!isSame(layout, s, before, after, column)) {
                        return reason(reference, "given another key");
                    }
                }
            }
        }
        return null;
    }

    private static boolean isSame(
            RowLayout layout, MemorySegment s, long before, long after, int column) {
        if (layout.isNull(s, before, column) || layout.isNull(s, after, column)) {
            return layout.isNull(s, before, column) == layout.isNull(s, after, column);
        }
        long a = layout.columnOffset(s, before, column);
        long b = layout.columnOffset(s, after, column);
        long aEnd = layout.columnEnd(s, a, column);
        long bEnd = layout.columnEnd(s, b, column);
        return MemorySegment.mismatch(s, a, aEnd, s, b, bEnd) < 0;
    }

    private static String reason(Reference reference, String what) {
        return "a row was %s, and the foreign key %s then changes rows of %s, which is not in the log"
                .formatted(what, reference.key.name(), reference.child);
    }
}
