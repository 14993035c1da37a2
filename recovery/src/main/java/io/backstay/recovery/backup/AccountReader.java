package io.backstay.recovery.backup;

import io.backstay.mysql.Flavour;
import io.backstay.mysql.Server;
import java.util.List;

/// Accounts as a flavour prints them, their password hashes included.
sealed interface AccountReader permits MariaDbAccounts, MySqlAccounts {

    /// @param warnings which accounts cannot be read is added
    static AccountReader of(Server server, List<String> warnings) {
        return server.version().flavour() == Flavour.MYSQL
                ? new MySqlAccounts(server, warnings)
                : new MariaDbAccounts(server, warnings);
    }

    /// Statements that make the accounts anew and give them their grants, in order.
    List<String> accounts();
}
