package io.backstay.recovery;

import io.backstay.mysql.ServerVersion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What MySQL's accounts need for each [RecoveryTask]: other names than MariaDB's, and finer ones.
/// Source: MySQL manual, "Privileges Provided by MySQL".
final class MySqlPrivileges {
    private static final Map<String, String> BACKUP =
            reasons(
                    "SELECT", "the rows and the accounts",
                    "RELOAD", "FLUSH TABLES WITH READ LOCK, the lock of the snapshot",
                    "BACKUP_ADMIN", "LOCK INSTANCE FOR BACKUP; the position in the log",
                    "SHOW VIEW", "views, which are hidden without it",
                    "SHOW_ROUTINE", "the source of routines",
                    "TRIGGER", "triggers, which are hidden without it",
                    "EVENT", "events, which are hidden without it");
    private static final Map<String, String> STREAM =
            reasons("REPLICATION SLAVE", "the binary log, as a replica gets it");
    private static final Map<String, String> RESTORE_DATA =
            reasons(
                    "SELECT", "to prove the target empty and to read every row back",
                    "PROCESS", "other clients, who are hidden without it",
                    "REPLICATION CLIENT", "whether it is a replica",
                    "REPLICATION SLAVE", "whether replicas are attached",
                    "RELOAD", "RESET BINARY LOGS AND GTIDS, which makes the GTID state exact",
                    "SYSTEM_VARIABLES_ADMIN",
                            "to load without the binary log, to keep others out, gtid_purged",
                    "CONNECTION_ADMIN", "to write while others are kept out",
                    "INNODB_REDO_LOG_ENABLE", "to load without the redo log",
                    "SET_ANY_DEFINER", "views, routines, triggers and events of other definers",
                    "ALLOW_NONEXISTENT_DEFINER", "those whose definer comes later",
                    "SYSTEM_USER", "routines of definers who have it",
                    "CREATE", "tables",
                    "DROP", "tables that a killed run left half loaded",
                    "ALTER", "indexes and foreign keys, made after the rows",
                    "INDEX", "indexes",
                    "INSERT", "rows",
                    "DELETE", "key ranges that a delta replaces; the run's own marks",
                    "UPDATE", "the run's own marks",
                    "REFERENCES", "foreign keys",
                    "REPLICATION_APPLIER", "row events that are executed in order",
                    "TABLE_ENCRYPTION_ADMIN", "tables that are made in order, encrypted or not",
                    "CREATE TEMPORARY TABLES", "statements that are executed in order",
                    "CREATE VIEW", "views",
                    "SHOW VIEW", "views, which are hidden without it",
                    "CREATE ROUTINE", "routines",
                    "ALTER ROUTINE", "routines that a killed run left",
                    "EXECUTE", "views that call functions",
                    "TRIGGER", "triggers",
                    "EVENT", "events");

    private MySqlPrivileges() {}

    /// @param version from 8.2 on the right to other definers is two
    static Map<String, String> of(RecoveryTask task, ServerVersion version) {
        Map<String, String> today = of(task);
        boolean isOld = version.major() < 8 || (version.major() == 8 && version.minor() < 2);
        if (!isOld || !today.containsKey("SET_ANY_DEFINER")) {
            return today;
        }
        var then = new LinkedHashMap<>(today);
        then.remove("ALLOW_NONEXISTENT_DEFINER");
        then.put("SET_USER_ID", String.valueOf(then.remove("SET_ANY_DEFINER")));
        return Collections.unmodifiableMap(then);
    }

    static Map<String, String> of(RecoveryTask task) {
        return switch (task) {
            case BACKUP -> BACKUP;
            case STREAM -> STREAM;
            case RESTORE_DATA -> RESTORE_DATA;
            case RESTORE -> {
                var all = new LinkedHashMap<>(RESTORE_DATA);
                all.put("CREATE USER", "accounts are made anew");
                all.put("ROLE_ADMIN", "roles are given anew");
                all.put("GRANT OPTION", "their grants are given anew");
                yield Collections.unmodifiableMap(all);
            }
        };
    }

    private static Map<String, String> reasons(String... privilegesAndReasons) {
        var byName = new LinkedHashMap<String, String>();
        for (int i = 0; i < privilegesAndReasons.length; i += 2) {
            byName.put(privilegesAndReasons[i], privilegesAndReasons[i + 1]);
        }
        return Collections.unmodifiableMap(byName);
    }
}
