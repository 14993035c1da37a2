package io.backstay.mysql;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.regex.Pattern;

/// Makes one MariaDB server the replica of another, from its own GTID position.
///
/// `CHANGE MASTER` takes string literals only, without a character set before them: values that
/// would need escaping are refused.
public final class Following {
    private static final Pattern PLAIN = Pattern.compile("[^'\\\\\\p{Cntrl}]*");

    private Following() {}

    /// Stops what the server follows now, and lets it follow this source. Without TLS, as on
    /// loopback.
    public static void start(Server replica, String host, int port, String user, String password) {
        replica.execute("STOP REPLICA");
        replica.execute(
                "CHANGE MASTER TO MASTER_HOST='%s', MASTER_PORT=%d, MASTER_USER='%s', MASTER_PASSWORD='%s', MASTER_CONNECT_RETRY=1, MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_USE_GTID=slave_pos"
                        .formatted(
                                plain("host", host),
                                port,
                                plain("user", user),
                                plain("password", password)));
        replica.execute("START REPLICA");
    }

    private static String plain(String what, String value) {
        if (!PLAIN.matcher(value).matches()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "cannot follow a source whose %s holds a quote, a backslash or a control character"
                            .formatted(what),
                    "choose a replication account without them.");
        }
        return value;
    }
}
