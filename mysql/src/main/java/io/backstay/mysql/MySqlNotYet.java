package io.backstay.mysql;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;

/// The refusal of what is so far done for MariaDB only.
final class MySqlNotYet {
    private MySqlNotYet() {}

    static void requireMariaDb(Server server, String what) {
        if (server.version().flavour() != Flavour.MARIADB) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    what
                            + " is done for MariaDB only, and "
                            + server.address()
                            + " is "
                            + server.version(),
                    "use a MariaDB server 10.11 or later.");
        }
    }
}
