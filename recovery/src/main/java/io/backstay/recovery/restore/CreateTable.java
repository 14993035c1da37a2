package io.backstay.recovery.restore;

import java.util.ArrayList;
import java.util.List;

/// A CREATE TABLE statement of SHOW CREATE TABLE, cut into what is made before rows are loaded and
/// what after.
///
/// After the rows: secondary indexes and foreign keys, as building an index at once is faster than
/// row by row and proves uniqueness. Left in place: an index that AUTO_INCREMENT needs, all indexes
/// of a table with a FULLTEXT or SPATIAL one (InnoDB builds one FULLTEXT at a time) and of a table
/// without primary key. Form: one clause a line, each but the last ended by a comma; source:
/// MariaDB knowledge base, "SHOW CREATE TABLE".
///
/// @param sql the statement without the clauses below
/// @param indexes `ADD ...` clauses for one ALTER TABLE
/// @param foreignKeys `ADD ...` clauses for one ALTER TABLE
record CreateTable(String sql, List<String> indexes, List<String> foreignKeys) {

    static CreateTable cut(String createSql) {
        int open = createSql.indexOf("(\n");
        int close = createSql.lastIndexOf("\n)");
        if (open < 0 || close < open) {
            return new CreateTable(createSql, List.of(), List.of());
        }
        List<String> clauses = clauses(createSql.substring(open + 2, close));
        boolean hasPrimaryKey = clauses.stream().anyMatch(c -> c.startsWith("PRIMARY KEY"));
        boolean hasSpecial =
                clauses.stream()
                        .anyMatch(c -> c.startsWith("FULLTEXT KEY") || c.startsWith("SPATIAL KEY"));
        String autoIncrement =
                clauses.stream()
                        .filter(c -> c.startsWith("`") && c.contains(" AUTO_INCREMENT"))
                        .map(c -> c.substring(0, c.indexOf('`', 1) + 1))
                        .findFirst()
                        .orElse("");
        var kept = new ArrayList<String>();
        var indexes = new ArrayList<String>();
        var foreignKeys = new ArrayList<String>();
        for (String clause : clauses) {
            boolean isIndex = clause.startsWith("KEY ") || clause.startsWith("UNIQUE KEY ");
            boolean isNeeded = !autoIncrement.isEmpty() && clause.contains("(" + autoIncrement);
            if (isIndex && hasPrimaryKey && !hasSpecial && !isNeeded) {
                indexes.add("ADD " + clause);
            } else if (clause.startsWith("CONSTRAINT ") && clause.contains(" FOREIGN KEY (")) {
                foreignKeys.add("ADD " + clause);
            } else {
                kept.add(clause);
            }
        }
        String head = createSql.substring(0, open + 2);
        String tail = createSql.substring(close);
        return new CreateTable(head + String.join(",\n", kept) + tail, indexes, foreignKeys);
    }

    /// Clauses between commas at the end of a line, outside of quotes; without leading blanks.
    private static List<String> clauses(String body) {
        var clauses = new ArrayList<String>();
        int from = 0;
        char quote = 0;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote != '`') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '`' || c == '\'' || c == '"') {
                quote = c;
            } else if (c == ',' && i + 1 < body.length() && body.charAt(i + 1) == '\n') {
                clauses.add(body.substring(from, i).strip());
                from = i + 2;
            }
        }
        clauses.add(body.substring(from).strip());
        return clauses;
    }
}
