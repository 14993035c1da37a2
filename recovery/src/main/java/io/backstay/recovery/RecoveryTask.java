package io.backstay.recovery;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.GlobalPrivileges;
import io.backstay.mysql.Server;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What recovery does on a server, and the privileges its account needs there, all of them global:
/// what an account may not see, a server leaves out of its answers without a word.
public enum RecoveryTask {
    BACKUP(
            "SELECT", "the rows, the accounts and the source of routines",
            "RELOAD", "BACKUP STAGE, the lock of the snapshot",
            "BINLOG MONITOR", "the position in the binary log",
            "SHOW VIEW", "views, which are hidden without it",
            "TRIGGER", "triggers, which are hidden without it",
            "EVENT", "events, which are hidden without it"),
    STREAM("REPLICATION SLAVE", "the binary log, as a replica gets it"),
    /// Accounts are left out with `--no-accounts`.
    RESTORE_DATA(
            "SELECT", "to prove the target empty and to read every row back",
            "PROCESS", "other clients, who are hidden without it",
            "SLAVE MONITOR", "whether it is a replica",
            "REPLICATION MASTER ADMIN", "whether replicas are attached; gtid_binlog_state",
            "REPLICATION SLAVE ADMIN", "gtid_slave_pos",
            "BINLOG ADMIN", "to load without writing it to the binary log",
            "BINLOG MONITOR", "the position in the binary log",
            "READ_ONLY ADMIN", "to keep others out until all is proven",
            "SUPER", "to stop the event scheduler meanwhile",
            "SET USER", "views, routines, triggers and events of other definers",
            "RELOAD", "RESET MASTER, which makes the GTID state exact",
            "CREATE", "tables",
            "DROP", "tables that a killed run left half loaded",
            "ALTER", "indexes and foreign keys, made after the rows",
            "INDEX", "indexes",
            "INSERT", "rows",
            "DELETE", "key ranges that a delta replaces; the run's own marks",
            "UPDATE", "the run's own marks",
            "REFERENCES", "foreign keys",
            "BINLOG REPLAY", "row events that are executed in order",
            "CREATE TEMPORARY TABLES", "statements that are executed in order",
            "CREATE VIEW", "views",
            "SHOW VIEW", "views, which are hidden without it",
            "CREATE ROUTINE", "routines",
            "ALTER ROUTINE", "routines that a killed run left",
            "EXECUTE", "views that call functions",
            "TRIGGER", "triggers",
            "EVENT", "events"),
    /// A base's accounts may have any privilege, and only those that one has can be handed on.
    RESTORE(
            "ALL PRIVILEGES", "accounts that may do anything are made anew",
            "GRANT OPTION", "their grants are given anew");

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable from the constructor on
    private final Map<String, String> reasons;

    RecoveryTask(String... privilegesAndReasons) {
        var byName = new LinkedHashMap<String, String>();
        for (int i = 0; i < privilegesAndReasons.length; i += 2) {
            byName.put(privilegesAndReasons[i], privilegesAndReasons[i + 1]);
        }
        reasons = Collections.unmodifiableMap(byName);
    }

    /// Privilege of MariaDB by what it is needed for, in the order to show them.
    public Map<String, String> privileges() {
        return reasons;
    }

    /// Privilege by what it is needed for, in the order to show them.
    public Map<String, String> privileges(Flavour flavour) {
        return switch (flavour) {
            case MARIADB -> reasons;
            case MYSQL -> MySqlPrivileges.of(this);
        };
    }

    /// The statement that gives an account exactly these.
    ///
    /// @param account as SQL writes it
    public String grant(String account) {
        return grant(account, Flavour.MARIADB);
    }

    public String grant(String account, Flavour flavour) {
        return statement(List.copyOf(privileges(flavour).keySet()), account);
    }

    private static String statement(List<String> privileges, String account) {
        var plain = privileges.stream().filter(name -> !name.equals("GRANT OPTION")).toList();
        return "GRANT %s ON *.* TO %s%s;"
                .formatted(
                        plain.isEmpty() ? "USAGE" : String.join(", ", plain),
                        account,
                        plain.size() < privileges.size() ? " WITH GRANT OPTION" : "");
    }

    /// Refuses an account that lacks any of them, before anything is done.
    public void require(Server server) {
        Map<String, String> needed =
                server.version().flavour() == Flavour.MYSQL
                        ? MySqlPrivileges.of(this, server.version())
                        : reasons;
        List<String> missing = GlobalPrivileges.of(server).missing(needed.keySet());
        if (missing.isEmpty()) {
            return;
        }
        String account = server.requireValue("SELECT CURRENT_USER()");
        var needs = missing.stream().map(name -> name + " (" + needed.get(name) + ")").toList();
        int at = account.lastIndexOf('@');
        String quoted = "'%s'@'%s'".formatted(account.substring(0, at), account.substring(at + 1));
        throw new Problem(
                ErrorCode.ENVIRONMENT,
                "account %s on %s lacks %s"
                        .formatted(account, server.address(), String.join(", ", needs)),
                "%s (all that is needed: `backstay doctor --grants %s%s`)"
                        .formatted(
                                statement(missing, quoted).replaceFirst(";$", ""),
                                verb(),
                                server.version().flavour() == Flavour.MYSQL
                                        ? " --flavour MYSQL"
                                        : ""));
    }

    /// The name that the command line gives it.
    public String verb() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
