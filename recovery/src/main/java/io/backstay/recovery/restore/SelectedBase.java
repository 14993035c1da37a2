package io.backstay.recovery.restore;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ForeignKey;
import io.backstay.mysql.Identifier;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Program;
import io.backstay.recovery.archive.BaseDocument.Schema;
import io.backstay.recovery.archive.BaseDocument.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The part of a base that is to be restored, under the names it is to have.
///
/// A renamed table keeps its [Table#definition], by which the log knows it. Only the database's
/// name in a foreign key is rewritten; the text of views, routines, triggers and events is not ours
/// to read, so those of a renamed database, and those beside single tables, are left out and named.
final class SelectedBase {
    private final BaseDocument base;
    private final Selection selection;
    private final List<String> warnings;

    private SelectedBase(BaseDocument base, Selection selection) {
        this.base = base;
        this.selection = selection;
        this.warnings = new ArrayList<>(base.warnings());
    }

    /// Errors: a name that is not in the base; a foreign key whose parent is not among them.
    static BaseDocument of(BaseDocument base, Selection selection) {
        return selection.isAll() ? base : new SelectedBase(base, selection).select();
    }

    private BaseDocument select() {
        requireKnownNames();
        List<Table> wanted =
                base.tables().stream()
                        .filter(table -> selection.wants(table.schema(), table.name()))
                        .toList();
        requireParents(wanted);
        Set<String> names =
                wanted.stream().map(Table::qualifiedName).collect(Collectors.toUnmodifiableSet());
        Set<String> used =
                wanted.stream().map(Table::schema).collect(Collectors.toCollection(TreeSet::new));
        List<Schema> schemas =
                base.schemas().stream()
                        .filter(s -> used.contains(s.name()) || selection.wantsWhole(s.name()))
                        .map(this::renamed)
                        .toList();
        List<Program> programs = programs(used);
        if (!base.accounts().isEmpty()) {
            warnings.add("accounts and grants are left out: this is a part of the base");
        }
        return new BaseDocument(
                base.formatVersion(),
                base.id(),
                base.source(),
                base.lock(),
                schemas,
                wanted.stream().map(table -> renamed(table, names)).toList(),
                programs,
                List.of(),
                List.copyOf(warnings));
    }

    private void requireKnownNames() {
        var unknown = new TreeSet<String>();
        var schemas = base.schemas().stream().map(Schema::name).collect(Collectors.toSet());
        var tables = base.tables().stream().map(Table::qualifiedName).collect(Collectors.toSet());
        selection.databases().stream().filter(d -> !schemas.contains(d)).forEach(unknown::add);
        selection.renames().keySet().stream()
                .filter(d -> !schemas.contains(d))
                .forEach(unknown::add);
        selection.tables().stream().filter(t -> !tables.contains(t)).forEach(unknown::add);
        for (String to : selection.renames().values()) {
            if (schemas.contains(to) && !selection.renames().containsKey(to)) {
                for (Table table : base.tables()) {
                    if (table.schema().equals(to) && selection.wants(to, table.name())) {
                        throw new Problem(
                                ErrorCode.USAGE,
                                "--rename-database: %s is restored too, two databases would become one"
                                        .formatted(to),
                                "give another name.");
                    }
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "base %s has none of that name: %s"
                            .formatted(base.id(), String.join(", ", unknown)),
                    "names are as the source spelled them; `backstay restore --dry-run` without a selection lists"
                            + " all tables.");
        }
    }

    private void requireParents(List<Table> wanted) {
        var missing = new TreeSet<String>();
        for (Table table : wanted) {
            for (ForeignKey key : table.definition().foreignKeys()) {
                if (!isIn(key, wanted)) {
                    missing.add(
                            "%s (parent of %s by %s)"
                                    .formatted(key.parent(), table.qualifiedName(), key.name()));
                }
            }
        }
        if (!missing.isEmpty() && !selection.withoutForeignKeys()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "foreign keys lead out of the selection: " + String.join(", ", missing),
                    "add those tables to --tables, or leave such keys out with --without-foreign-keys.");
        }
        missing.forEach(name -> warnings.add("foreign key left out: " + name));
    }

    private static boolean isIn(ForeignKey key, List<Table> wanted) {
        return wanted.stream()
                .anyMatch(
                        parent ->
                                parent.schema().equalsIgnoreCase(key.parent().schema())
                                        && parent.name().equalsIgnoreCase(key.parent().table()));
    }

    private Schema renamed(Schema schema) {
        String to = selection.renamed(schema.name());
        return new Schema(
                to,
                schema.createSql()
                        .replaceFirst(
                                java.util.regex.Pattern.quote(Identifier.quote(schema.name())),
                                java.util.regex.Matcher.quoteReplacement(Identifier.quote(to))));
    }

    private Table renamed(Table table, Set<String> names) {
        String sql = table.createSql();
        for (ForeignKey key : table.definition().foreignKeys()) {
            boolean isLeftOut =
                    names.stream().noneMatch(n -> n.equalsIgnoreCase(key.parent().toString()));
            sql = isLeftOut ? without(sql, key) : sql;
        }
        for (var rename : selection.renames().entrySet()) {
            sql = rewritten(sql, rename.getKey(), rename.getValue());
        }
        return new Table(
                selection.renamed(table.schema()),
                table.name(),
                table.engine(),
                sql,
                table.columns(),
                table.primaryKey(),
                table.definition(),
                table.autoIncrement(),
                table.rows(),
                table.digest(),
                table.chunks());
    }

    /// SHOW CREATE TABLE has each foreign key on a line of its own.
    private static String without(String sql, ForeignKey key) {
        String head = "  CONSTRAINT " + Identifier.quote(key.name()) + " FOREIGN KEY (";
        List<String> lines =
                sql.lines().filter(line -> !line.startsWith(head)).collect(Collectors.toList());
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).endsWith(",") && lines.get(i + 1).startsWith(")")) {
                lines.set(i, lines.get(i).substring(0, lines.get(i).length() - 1));
            }
        }
        return String.join("\n", lines);
    }

    private static String rewritten(String sql, String from, String to) {
        String old = " REFERENCES " + Identifier.quote(from) + ".";
        String renamed = " REFERENCES " + Identifier.quote(to) + ".";
        return sql.lines()
                .map(
                        line ->
                                line.startsWith("  CONSTRAINT ") && line.contains(" FOREIGN KEY (")
                                        ? line.replace(old, renamed)
                                        : line)
                .collect(Collectors.joining("\n"));
    }

    private List<Program> programs(Set<String> used) {
        var kept = new ArrayList<Program>();
        var leftOut = new TreeSet<String>();
        for (Program program : base.programs()) {
            boolean isRenamed = selection.renames().containsKey(program.schema());
            if (selection.wantsWhole(program.schema()) && !isRenamed) {
                kept.add(program);
            } else if (used.contains(program.schema())) {
                leftOut.add("%s %s.%s".formatted(program.kind(), program.schema(), program.name()));
            }
        }
        if (!leftOut.isEmpty()) {
            warnings.add("left out, make them by hand: " + String.join(", ", leftOut));
        }
        return kept;
    }
}
