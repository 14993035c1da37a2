package io.backstay.lab;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// SQL text for lab servers: literals, identifiers, one-value questions.
final class Sql {
    private Sql() {}

    /// A string literal.
    static String text(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /// The first column of the first row.
    static String string(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new SQLException("no row: " + query);
            }
            String value = row.getString(1);
            if (value == null) {
                throw new SQLException("NULL: " + query);
            }
            return value;
        }
    }

    static long number(Connection connection, String query) throws SQLException {
        return Long.parseLong(string(connection, query));
    }
}
