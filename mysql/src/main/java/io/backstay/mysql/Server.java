package io.backstay.mysql;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.internal.UnixSocketFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/// One open session of one running server.
///
/// The session is in UTC, with an sql_mode that keeps every value as it is (zero dates, zeros in
/// AUTO_INCREMENT columns), autocommit on, and gets values in the bytes they are stored in: for a
/// text column that is not UTF-8 use `getBytes`, never `getString`. Used by one thread at a time;
/// [#abort] may be called from any.
public final class Server implements AutoCloseable {
    private static final List<String> SESSION =
            List.of(
                    "SET time_zone = '+00:00'",
                    "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'",
                    "SET character_set_results = NULL");

    private final ServerAddress address;
    private final ServerVersion version;
    private final Connection connection;

    private Server(ServerAddress address, ServerVersion version, Connection connection) {
        this.address = address;
        this.version = version;
        this.connection = connection;
    }

    /// Logs in.
    ///
    /// @throws Problem if the server does not answer within ten seconds or refuses the login
    public static Server connect(ServerAddress address) {
        Connection connection;
        try {
            connection = DriverManager.getConnection(url(address), properties(address));
        } catch (SQLException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot log in to " + address + ": " + e.getMessage(),
                    "is the server running and is the account right? Try: mariadb "
                            + clientOptions(address)
                            + " -p",
                    e);
        }
        try (Statement statement = connection.createStatement()) {
            for (String setting : SESSION) {
                statement.execute(setting);
            }
            try (ResultSet row = statement.executeQuery("SELECT VERSION()")) {
                row.next();
                return new Server(address, ServerVersion.parse(row.getString(1)), connection);
            }
        } catch (SQLException e) {
            throw failed(address, "prepare a session", e);
        }
    }

    public ServerAddress address() {
        return address;
    }

    public ServerVersion version() {
        return version;
    }

    /// The session itself, for what this class does not offer. Owned by this object.
    public Connection connection() {
        return connection;
    }

    /// Runs one statement.
    ///
    /// @return rows changed; 0 for a statement that changes none
    public long execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return Math.max(0, statement.getLargeUpdateCount());
        } catch (SQLException e) {
            throw failed(address, sql, e);
        }
    }

    /// All rows of a query as text, by column label.
    public List<SqlRow> rows(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            var rows = new ArrayList<SqlRow>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var row = new SqlRow();
                for (int i = 1; i <= columns; i++) {
                    row.put(result.getMetaData().getColumnLabel(i), result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw failed(address, sql, e);
        }
    }

    /// The first column of the first row; empty if there is no row or it is NULL.
    public Optional<String> findValue(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            throw failed(address, sql, e);
        }
    }

    /// @throws Problem also if there is no row or it is NULL
    public String requireValue(String sql) {
        return findValue(sql)
                .orElseThrow(
                        () ->
                                new Problem(
                                        ErrorCode.FAILED,
                                        address + " gave no value for: " + sql,
                                        "run it by hand on that server."));
    }

    /// A server variable by its exact name; empty if this server knows none of that name.
    public Optional<String> findVariable(String name) {
        return rows("SHOW GLOBAL VARIABLES WHERE Variable_name = " + Identifier.text(name)).stream()
                .findFirst()
                .flatMap(row -> row.find("Value"));
    }

    /// Ends the session at once, from any thread: what runs in it fails.
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw failed(address, "abort a session", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(address, "close a session", e);
        }
    }

    /// A driver's error as a [Problem] that names the server and the statement.
    static Problem failed(ServerAddress address, String sql, SQLException e) {
        String hint = "run it by hand on that server; the account may lack a privilege.";
        if (holdsPassword(sql)) {
            // a server quotes the statement from where it stopped to understand it: its text is
            // withheld too, and so is the cause that carries it
            return new Problem(
                    ErrorCode.FAILED,
                    "a statement with a password failed on %s: error %d (%s)"
                            .formatted(address, e.getErrorCode(), e.getSQLState()),
                    hint);
        }
        return new Problem(
                ErrorCode.FAILED,
                "%s failed on %s: error %d (%s): %s"
                        .formatted(
                                shown(sql),
                                address,
                                e.getErrorCode(),
                                e.getSQLState(),
                                e.getMessage()),
                hint,
                e);
    }

    private static boolean holdsPassword(String sql) {
        String upper = sql.toUpperCase(Locale.ROOT);
        return upper.contains("PASSWORD") || upper.contains("IDENTIFIED");
    }

    /// A statement as an error may show it: shortened.
    private static String shown(String sql) {
        return sql.length() > 200 ? sql.substring(0, 200) + " ..." : sql;
    }

    static String url(ServerAddress address) {
        return address.socket().isPresent()
                ? "jdbc:mariadb://localhost/"
                : "jdbc:mariadb://"
                        + (address.host().contains(":") && !address.host().startsWith("[")
                                ? "[" + address.host() + "]"
                                : address.host())
                        + ":"
                        + address.port()
                        + "/";
    }

    static Properties properties(ServerAddress address) {
        var properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        address.socket()
                .ifPresent(
                        path -> {
                            properties.setProperty(
                                    "socketFactory", UnixSocketFactory.class.getName());
                            properties.setProperty(UnixSocketFactory.PATH_OPTION, path.toString());
                        });
        properties.setProperty("connectTimeout", "10000");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
        properties.setProperty("allowLocalInfile", "true");
        properties.setProperty("rewriteBatchedStatements", "false");
        properties.setProperty("dumpQueriesOnException", "false");
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }

    private static String clientOptions(ServerAddress address) {
        return address.socket().isPresent()
                ? "-u " + address.user() + " -S " + address.socket().get()
                : "-u " + address.user() + " -h " + address.host() + " -P " + address.port();
    }
}
