package io.backstay.recovery.backup;

import static java.util.Objects.requireNonNull;

import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.recovery.rows.Rows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// MariaDB's accounts, roles and grants as it prints them.
record MariaDbAccounts(Server server, List<String> warnings) implements AccountReader {

    /// Statements that make users, then roles, then grants. A role belongs to the account that
    /// makes it, which must not be replaced afterwards.
    @Override
    public List<String> accounts() {
        var creates = new ArrayList<String>();
        var grants = new ArrayList<String>();
        for (List<@Nullable String> row :
                Rows.of(
                        server,
                        "SELECT User, Host, is_role FROM mysql.user ORDER BY is_role, User, Host")) {
            String user = text(row, 0);
            boolean isRole = "Y".equals(row.get(2));
            String account =
                    isRole
                            ? Identifier.quote(user)
                            : Identifier.quote(user) + "@" + Identifier.quote(text(row, 1));
            if (user.equals("mariadb.sys") || (isRole && user.isEmpty())) {
                continue;
            }
            try {
                String create =
                        isRole
                                ? "CREATE ROLE " + account
                                : requireNonNull(
                                        Rows.of(server, "SHOW CREATE USER " + account)
                                                .getFirst()
                                                .get(0));
                creates.add(create.replaceFirst("^CREATE (USER|ROLE) ", "CREATE OR REPLACE $1 "));
                for (List<@Nullable String> grant :
                        Rows.of(
                                server,
                                "SHOW GRANTS FOR "
                                        + (isRole && user.equals("PUBLIC") ? "PUBLIC" : account))) {
                    grants.add(text(grant, 0));
                }
            } catch (Problem e) {
                warnings.add(
                        "account "
                                + account
                                + " is not in the base: "
                                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
        creates.removeIf(create -> create.endsWith(" ROLE `PUBLIC`"));
        creates.addAll(grants);
        return creates;
    }

    private static String text(List<@Nullable String> row, int column) {
        return requireNonNull(row.get(column));
    }
}
