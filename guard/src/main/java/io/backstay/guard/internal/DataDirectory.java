package io.backstay.guard.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a database's data directory looks like: names of files, options and programs.
final class DataDirectory {
    /// Files that a running server keeps open, or that only a data directory has.
    private static final Set<String> SIGNATURES =
            Set.of(
                    "ibdata1",
                    "mysql.ibd",
                    "aria_log_control",
                    "auto.cnf",
                    "#innodb_redo",
                    "ib_logfile0",
                    "xtrabackup_info",
                    "mariadb_backup_info",
                    "xtrabackup_checkpoints",
                    "PG_VERSION",
                    "WiredTiger",
                    "appendonly.aof",
                    "dump.rdb");

    private static final Pattern SERVER_WORD =
            Pattern.compile(
                    "(^|.*/)(mysqld?|mariadbd?|mysqld_safe|mariadbd-safe|postgres|mongod|redis-server)[^/]*");

    private static final Set<String> SERVERS = Set.of("mysqld", "mariadbd", "mysqld-debug");

    private static final Set<String> OTHER_DATABASES =
            Set.of(
                    "postgres",
                    "mongod",
                    "redis-server",
                    "valkey-server",
                    "etcd",
                    "influxd",
                    "clickhouse-server",
                    "cockroach",
                    "tidb-server",
                    "tikv-server",
                    "oracle",
                    "sqlservr");

    private static final Set<String> FOLDER_OPTIONS =
            Set.of(
                    "datadir",
                    "data-dir",
                    "dbpath",
                    "innodb-data-home-dir",
                    "innodb-log-group-home-dir",
                    "innodb-undo-directory",
                    "aria-log-dir-path",
                    "log-bin",
                    "relay-log",
                    "socket",
                    "tmpdir",
                    "pid-file",
                    "log-error",
                    "pgdata");

    private DataDirectory() {}

    static boolean isSignature(String fileName) {
        return SIGNATURES.contains(fileName)
                || fileName.startsWith("binlog.")
                || fileName.endsWith("-bin.index")
                || fileName.endsWith(".ibd")
                || fileName.endsWith(".frm")
                || fileName.endsWith(".MYD")
                || fileName.endsWith(".MAD");
    }

    /// Files whose open descriptor says: this is my data directory.
    static boolean isAnchor(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.equals("ibdata1")
                || name.equals("aria_log_control")
                || name.equals("mysql.ibd");
    }

    static boolean isServerWord(String argument) {
        return SERVER_WORD.matcher(argument.toLowerCase(Locale.ROOT)).matches();
    }

    /// Whether its program is a database of any kind.
    static boolean isDatabase(ProcessFacts process) {
        return process.held().stream()
                .filter(held -> held.how() == ProcessFacts.How.PROGRAM)
                .anyMatch(held -> isDatabaseName(held.text()));
    }

    static boolean isDatabaseName(String program) {
        String name = program.substring(program.lastIndexOf('/') + 1);
        return SERVERS.contains(name) || OTHER_DATABASES.contains(name);
    }

    static boolean isDataOption(String arg) {
        return arg.startsWith("--datadir") || arg.startsWith("-h");
    }

    /// Whether its program is a database server: one that has a data directory, or will have.
    static boolean isServer(ProcessFacts process) {
        return process.held().stream()
                .filter(held -> held.how() == ProcessFacts.How.PROGRAM)
                .map(held -> held.text().substring(held.text().lastIndexOf('/') + 1))
                .anyMatch(SERVERS::contains);
    }

    /// The path behind an option that names a server's folder or file, at one place of an argument
    /// list: `--datadir=X`, `--datadir X`, and of a server `-h X`, `-D X`, `-hX`.
    static Optional<String> namedBy(List<String> args, int at, boolean isServer) {
        String arg = args.get(at);
        String next = at + 1 < args.size() ? args.get(at + 1) : "";
        if (isServer && (arg.equals("-h") || arg.equals("-D"))) {
            return Optional.of(next);
        }
        if (isServer && (arg.startsWith("-h/") || arg.startsWith("-D/"))) {
            return Optional.of(arg.substring(2));
        }
        if (!arg.startsWith("--")) {
            return Optional.empty();
        }
        int equals = arg.indexOf('=');
        String option =
                (equals < 0 ? arg.substring(2) : arg.substring(2, equals))
                        .replace('_', '-')
                        .toLowerCase(Locale.ROOT);
        if (!FOLDER_OPTIONS.contains(option)) {
            return Optional.empty();
        }
        return Optional.of(equals < 0 ? next : arg.substring(equals + 1));
    }
}
