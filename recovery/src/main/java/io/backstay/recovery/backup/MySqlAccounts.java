package io.backstay.recovery.backup;

import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// MySQL's accounts, roles and grants as it prints them, hashes in hexadecimal
/// (`print_identified_with_as_hex`): they hold any byte.
///
/// A role is an account too. Default roles are set when all roles are there and granted. Source:
/// MySQL manual, "SHOW CREATE USER", "SHOW GRANTS".
record MySqlAccounts(Server server, List<String> warnings) implements AccountReader {
    private static final String NAME = "`(?:[^`]|``)*`@`(?:[^`]|``)*`";
    private static final Pattern DEFAULT_ROLE =
            Pattern.compile(" DEFAULT ROLE (" + NAME + "(?:,\\s*" + NAME + ")*)");

    @Override
    public List<String> accounts() {
        var creates = new ArrayList<String>();
        var grants = new ArrayList<String>();
        var defaults = new ArrayList<String>();
        for (SqlRow row :
                server.rows(
                        "SELECT User AS u, Host AS h FROM mysql.user WHERE User NOT IN ('mysql.sys',"
                                + " 'mysql.session', 'mysql.infoschema') ORDER BY User, Host")) {
            String account =
                    Identifier.quote(row.find("u").orElse(""))
                            + "@"
                            + Identifier.quote(row.find("h").orElse(""));
            try {
                String create = server.requireValue("SHOW CREATE USER " + account);
                List<String> given = grants(account);
                Matcher role = DEFAULT_ROLE.matcher(create);
                if (role.find()) {
                    defaults.add("ALTER USER " + account + " DEFAULT ROLE " + role.group(1));
                    create = create.substring(0, role.start()) + create.substring(role.end());
                }
                creates.add("DROP USER IF EXISTS " + account);
                creates.add(create);
                grants.addAll(given);
            } catch (Problem e) {
                warnings.add(
                        "account "
                                + account
                                + " is not in the base: "
                                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
        creates.addAll(grants);
        creates.addAll(defaults);
        return creates;
    }

    private List<String> grants(String account) {
        return server.rows("SHOW GRANTS FOR " + account).stream()
                .flatMap(row -> row.values().values().stream())
                .flatMap(Optional::stream)
                .toList();
    }
}
