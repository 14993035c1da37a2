package io.backstay.lab;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.mariadb.jdbc.Driver;

/// Client sessions to servers on loopback addresses, without TLS. One TCP connection each, no pool.
public final class Sessions {
    private Sessions() {}

    public static Connection open(String address, int port, String user, String password)
            throws SQLException {
        return open(address, port, user, password, Duration.ofSeconds(5), Duration.ZERO);
    }

    /// @param patience for connecting and greeting
    /// @param answerMax how long to wait for each answer; zero for no limit
    static Connection open(
            String address,
            int port,
            String user,
            String password,
            Duration patience,
            Duration answerMax)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslMode", "disable");
        properties.setProperty("connectTimeout", Long.toString(patience.toMillis()));
        properties.setProperty("socketTimeout", Long.toString(answerMax.toMillis()));
        properties.setProperty("allowLocalInfile", "true");
        properties.setProperty("connectionCollation", "utf8mb4_general_ci");
        Connection connection =
                new Driver().connect("jdbc:mariadb://" + address + ":" + port + "/", properties);
        if (connection == null) {
            throw new SQLException(
                    "the driver does not take this address: " + address + ":" + port);
        }
        return connection;
    }
}
