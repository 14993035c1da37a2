package io.backstay.recovery.fold;

import io.backstay.mysql.ForeignKey;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which tables have left the fold so far, and why.
///
/// - A table that has left never comes back; a refused one never becomes ordered again.
/// - A family is what foreign keys connect, in both directions. Where the server may have to obey a
///   foreign key, the whole family is in the same lane.
/// - What a statement shares with a refused table is refused too.
final class Lanes {
    private final SortedMap<TableName, TableLane> left = new TreeMap<>();
    private final Set<TableName> withFamily = new HashSet<>();
    private final Set<TableName> known = new HashSet<>();
    private final Map<TableName, List<TableName>> relatives = new HashMap<>();
    private final Map<TableName, List<SqlText>> programs = new HashMap<>();
    private final List<SqlText> triggers = new ArrayList<>();

    /// Of programs that nobody could name: any statement may go through them.
    private final List<SqlText> unnamed = new ArrayList<>();

    private final Mentions tableNames = new Mentions();
    private final Mentions programNames = new Mentions();
    private boolean hasStatements;
    private boolean hasReplacingProgram;

    Lanes(Collection<TableDefinition> tables, Collection<StoredProgram> programs) {
        for (TableDefinition table : tables) {
            know(table.name());
            for (ForeignKey key : table.foreignKeys()) {
                relate(table.name(), key.parent());
                relate(key.parent(), table.name());
            }
        }
        programs.forEach(this::learn);
    }

    private void relate(TableName a, TableName b) {
        relatives.computeIfAbsent(folded(a), _ -> new ArrayList<>()).add(b);
    }

    /// By name without case: a server may fold the case of the names in a foreign key.
    private static TableName folded(TableName name) {
        return new TableName(Mentions.lower(name.schema()), Mentions.lower(name.table()));
    }

    private void know(TableName name) {
        if (known.add(name)) {
            tableNames.add(name);
        }
    }

    /// Takes notice of a program: statements may go through it from now on.
    void learn(StoredProgram program) {
        var name = new TableName(program.schema(), program.name());
        if (program.kind().equals("SEQUENCE")) {
            know(name);
            return;
        }
        SqlText text = SqlText.of(program);
        hasReplacingProgram |= Statements.holdsReplace(program.text());
        programs.computeIfAbsent(name, _ -> new ArrayList<>()).add(text);
        programNames.add(name);
        if (program.kind().equals("TRIGGER")) {
            triggers.add(text);
            // it may be on a table that the base does not have
            Statements.triggerTable(program).ifPresentOrElse(this::know, () -> unnamed.add(text));
        }
    }

    /// Takes notice of a program whose name cannot be told.
    void learnUnnamed(SqlText text) {
        hasReplacingProgram |= Statements.holdsReplace(text.text());
        unnamed.add(text);
    }

    /// Whether rows of any statement may be of a REPLACE that a program executed.
    boolean hasReplacingProgram() {
        return hasReplacingProgram;
    }

    boolean isFolded(TableName table) {
        return !left.containsKey(table);
    }

    boolean isOrdered(TableName table) {
        return left.get(table) instanceof TableLane.Ordered;
    }

    boolean isRefused(TableName table) {
        return left.get(table) instanceof TableLane.Refused;
    }

    /// Whether the server may obey this table's foreign keys: all that they reach is in order with
    /// it.
    boolean keepsForeignKeys(TableName table) {
        return withFamily.contains(table);
    }

    SortedMap<TableName, TableLane> left() {
        return left;
    }

    /// A row event of the table cannot be folded.
    void leave(TableName table, LaneReason reason) {
        if (isFolded(table)) {
            boolean isKnown = known.contains(table);
            boolean isSystem = Schemas.SYSTEM.contains(table.schema());
            if (!isSystem && (isKnown || hasStatements)) {
                if (!isKnown) {
                    // the statement that made it took all out that its foreign keys reach
                    know(table);
                    withFamily.add(table);
                }
                left.put(table, new TableLane.Ordered(reason));
            } else {
                left.put(table, new TableLane.Refused(reason));
            }
        }
    }

    /// The server will change rows of other tables, or look at them.
    void leaveWithFamily(Collection<TableName> tables, LaneReason reason) {
        Set<TableName> family = family(tables);
        for (TableName table : family) {
            leave(table, reason);
        }
        if (family.stream().anyMatch(this::isRefused)) {
            family.forEach(table -> refuse(table, sharedWithRefused(reason)));
        }
        withFamily.addAll(family);
    }

    private static LaneReason sharedWithRefused(LaneReason reason) {
        return new LaneReason(
                reason.origin(),
                reason.event(),
                reason.gtid(),
                reason.reason() + "; a table it shares that with cannot be had exactly");
    }

    /// The first reason counts.
    void refuse(TableName table, LaneReason reason) {
        if (!isRefused(table)) {
            left.put(table, new TableLane.Refused(reason));
        }
    }

    private Set<TableName> family(Collection<TableName> tables) {
        var found = new HashSet<TableName>();
        var open = new ArrayDeque<>(tables);
        while (!open.isEmpty()) {
            TableName table = open.remove();
            if (found.add(table)) {
                relatives.getOrDefault(folded(table), List.of()).stream()
                        .map(this::spelled)
                        .forEach(open::add);
            }
        }
        return found;
    }

    private TableName spelled(TableName name) {
        return known.contains(name)
                ? name
                : known.stream()
                        .filter(k -> folded(k).equals(folded(name)))
                        .findFirst()
                        .orElse(name);
    }

    /// A statement was executed; tables may exist that the base does not know.
    void noteStatement() {
        hasStatements = true;
    }

    /// Every table that a statement may touch, through whatever it names.
    Set<TableName> touchedBy(SqlText sql) {
        var tables = new HashSet<TableName>();
        var seen = new HashSet<SqlText>();
        reach(sql, tables, seen);
        unnamed.stream().filter(seen::add).forEach(text -> reach(text, tables, seen));
        for (boolean isMore = !triggers.isEmpty(); isMore; ) {
            @Nullable SqlText fired =
                    triggers.stream()
                            .filter(trigger -> !seen.contains(trigger))
                            .filter(
                                    trigger ->
                                            tableNames.in(trigger).stream()
                                                    .anyMatch(tables::contains))
                            .findFirst()
                            .orElse(null);
            isMore = fired != null && seen.add(fired);
            if (fired != null) {
                reach(fired, tables, seen);
            }
        }
        return tables;
    }

    private void reach(SqlText sql, Set<TableName> tables, Set<SqlText> seen) {
        tables.addAll(tableNames.in(sql));
        for (TableName name : programNames.in(sql)) {
            for (SqlText program : programs.getOrDefault(name, List.of())) {
                if (seen.add(program)) {
                    reach(program, tables, seen);
                }
            }
        }
    }

    /// Every table of a database that a statement names.
    Set<TableName> inDatabasesNamed(SqlText sql) {
        var schemas = new Mentions();
        known.forEach(table -> schemas.add(new TableName("", table.schema())));
        Set<TableName> named = schemas.in(new SqlText(sql.text(), "", sql.isExact()));
        return known.stream()
                .filter(table -> named.contains(new TableName("", table.schema())))
                .collect(Collectors.toSet());
    }
}
