package io.backstay.lab;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.mariadb.jdbc.Driver;

/// Client sessions to servers on loopback addresses, without TLS. One TCP connection each, no pool.
public final class Sessions {
    private Sessions() {}

    public static Connection open(String address, int port, String user, String password)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslMode", "disable");
        properties.setProperty("connectTimeout", "5000");
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
