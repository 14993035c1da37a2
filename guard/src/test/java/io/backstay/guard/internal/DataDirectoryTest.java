package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.guard.internal.ProcessFacts.How;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
    @Test
    void filesOfADatabaseAreKnownByName() {
        assertThat(
                        List.of(
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
                                "dump.rdb",
                                "binlog.000001",
                                "host-bin.index",
                                "t.ibd",
                                "t.frm",
                                "t.MYD",
                                "t.MAD"))
                .allMatch(DataDirectory::isSignature);
        assertThat(List.of("ibdata", "x", "binlog", "x.index", "ibd", "t.MYD.gz"))
                .noneMatch(DataDirectory::isSignature);
    }

    @Test
    void anchorIsTheLastNameOfThePath() {
        assertThat(List.of("/a/ibdata1", "ibdata1", "/a/aria_log_control", "/a/mysql.ibd"))
                .allMatch(DataDirectory::isAnchor);
        assertThat(List.of("/ibdata1/x", "/a/xibdata1", "/a/ib_logfile0"))
                .noneMatch(DataDirectory::isAnchor);
    }

    @Test
    void serverWords() {
        assertThat(
                        List.of(
                                "mysqld",
                                "mysql",
                                "/usr/sbin/MariaDBd",
                                "mariadbd-safe",
                                "mysqld_safe",
                                "postgres",
                                "mongod",
                                "redis-server"))
                .allMatch(DataDirectory::isServerWord);
        assertThat(List.of("xmysqld", "/mysqld/x", "sh")).noneMatch(DataDirectory::isServerWord);
    }

    @Test
    void programsAreKnownByTheirOwnNameOnly() {
        for (String name :
                List.of(
                        "mysqld",
                        "mariadbd",
                        "mysqld-debug",
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
                        "sqlservr")) {
            assertThat(DataDirectory.isDatabaseName("/usr/bin/" + name)).as(name).isTrue();
            assertThat(DataDirectory.isDatabaseName(name)).as(name).isTrue();
            assertThat(DataDirectory.isDatabase(running(How.PROGRAM, "/x/" + name))).isTrue();
            assertThat(DataDirectory.isDatabase(running(How.OPEN, "/x/" + name))).isFalse();
        }
        assertThat(DataDirectory.isDatabaseName("/mysqld/sh")).isFalse();
        assertThat(DataDirectory.isDatabase(running(How.PROGRAM, "/bin/sh"))).isFalse();
        assertThat(DataDirectory.isServer(running(How.PROGRAM, "/x/mariadbd"))).isTrue();
        assertThat(DataDirectory.isServer(running(How.PROGRAM, "mysqld"))).isTrue();
        assertThat(DataDirectory.isServer(running(How.OPEN, "/x/mariadbd"))).isFalse();
        assertThat(DataDirectory.isServer(running(How.PROGRAM, "/x/postgres"))).isFalse();
    }

    private static ProcessFacts running(How how, String text) {
        return Sketch.process(
                7, List.of(), java.util.Set.of(), List.of(), Sketch.elsewhere(how, text));
    }

    private static Optional<String> named(boolean isServer, String... args) {
        return DataDirectory.namedBy(List.of(args), 0, isServer);
    }

    @Test
    void everyOptionThatNamesAFolderIsKnown() {
        for (String option :
                List.of(
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
                        "pgdata")) {
            assertThat(named(false, "--" + option + "=/x")).contains("/x");
            assertThat(named(false, "--" + option, "/x")).contains("/x");
            assertThat(named(false, "--" + option)).contains("");
            assertThat(named(false, "-" + option + "=/x")).isEmpty();
        }
        assertThat(named(false, "--Log_Bin=/x")).contains("/x");
        assertThat(named(false, "--=/x")).isEmpty();
        assertThat(named(true, "-h", "/x")).contains("/x");
        assertThat(named(true, "-D", "/x")).contains("/x");
        assertThat(named(true, "-h")).contains("");
        assertThat(named(true, "-h/x")).contains("/x");
        assertThat(named(true, "-D/x")).contains("/x");
        assertThat(named(false, "-h", "/x")).isEmpty();
        assertThat(named(false, "-D/x")).isEmpty();
        assertThat(named(true, "-hx")).isEmpty();
        assertThat(DataDirectory.isDataOption("--datadir=/x")).isTrue();
        assertThat(DataDirectory.isDataOption("-h")).isTrue();
        assertThat(DataDirectory.isDataOption("--other")).isFalse();
    }
}
