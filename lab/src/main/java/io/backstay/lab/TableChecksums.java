package io.backstay.lab;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The content of all user tables of one server, each as the server's own `CHECKSUM TABLE ...
/// EXTENDED`.
///
/// An oracle from outside for restores. It reads every row, and is a point in time for each table,
/// not across tables: compare servers that nobody writes to.
///
/// @param byTable `schema.table` to checksum
public record TableChecksums(SortedMap<String, Long> byTable) {

    public TableChecksums {
        byTable = Collections.unmodifiableSortedMap(byTable);
    }

    /// @param server a session that may read every table
    public static TableChecksums of(Connection server) throws SQLException {
        SortedMap<String, Long> checksums = new TreeMap<>();
        try (Statement statement = server.createStatement()) {
            for (String table : tables(statement)) {
                try (ResultSet row =
                        statement.executeQuery("checksum table " + table + " extended")) {
                    row.next();
                    long checksum = row.getLong("Checksum");
                    if (row.wasNull()) {
                        throw new SQLException("no checksum of " + table);
                    }
                    checksums.put(row.getString("Table"), checksum);
                }
            }
        }
        return new TableChecksums(checksums);
    }

    /// The tables that are missing on one side or differ. Empty only if both hold the same.
    public NavigableSet<String> differences(TableChecksums other) {
        NavigableSet<String> different = new TreeSet<>();
        byTable.forEach(
                (table, checksum) -> {
                    if (!checksum.equals(other.byTable.get(table))) {
                        different.add(table);
                    }
                });
        other.byTable.keySet().stream()
                .filter(table -> !byTable.containsKey(table))
                .forEach(different::add);
        return different;
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet row =
                statement.executeQuery(
                        """
                        select table_schema, table_name from information_schema.tables
                        where table_type in ('BASE TABLE', 'SYSTEM VERSIONED')
                        and table_schema not in
                            ('mysql', 'information_schema', 'performance_schema', 'sys')""")) {
            while (row.next()) {
                tables.add(
                        Sql.identifier(row.getString(1)) + "." + Sql.identifier(row.getString(2)));
            }
        }
        return tables;
    }
}
