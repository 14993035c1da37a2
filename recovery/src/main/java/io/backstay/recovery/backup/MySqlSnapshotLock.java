package io.backstay.recovery.backup;

import io.backstay.binlog.MySqlGtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.recovery.archive.BaseDocument.Source;
import java.time.Instant;
import java.util.List;

/// `LOCK INSTANCE FOR BACKUP` until the copy is done: definitions may not change, rows may be
/// written. Beneath it `FLUSH TABLES WITH READ LOCK` for as long as it takes to open the read views
/// and to read the position.
///
/// The instance lock is kept through the copy, as a table renamed in the place of another would
/// otherwise be read in its stead without an error. `performance_schema.log_status` tells file,
/// offset and `gtid_executed` as of one moment. Source: MySQL manual, "LOCK INSTANCE FOR BACKUP",
/// "The log_status Table".
record MySqlSnapshotLock(Server control) implements SnapshotLock {
    private static final int FIRST_SERIES = 8;

    static MySqlSnapshotLock of(Server control) {
        if (control.version().major() < FIRST_SERIES) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "a backup holds definitions still by LOCK INSTANCE FOR BACKUP, and %s is %s"
                            .formatted(control.address(), control.version()),
                    "use a MySQL server 8.0 or later.");
        }
        return new MySqlSnapshotLock(control);
    }

    @Override
    public void prepareReader(Server session) {
        session.execute(
                "SET SESSION max_execution_time = 0, SESSION net_write_timeout = 28800, SESSION wait_timeout = 86400,"
                        + " SESSION group_concat_max_len = 1073741824");
    }

    @Override
    public void holdDefinitions() {
        control.execute(
                "SET SESSION lock_wait_timeout = 60, SESSION max_execution_time = 0, SESSION wait_timeout = 86400");
        control.execute("LOCK INSTANCE FOR BACKUP");
        // counters as they are, not as they were when somebody last asked
        control.execute("SET SESSION information_schema_stats_expiry = 0");
        if (control.findVariable("show_gipk_in_create_table_and_information_schema").isPresent()) {
            control.execute("SET SESSION show_gipk_in_create_table_and_information_schema = ON");
        }
        control.execute("SET SESSION print_identified_with_as_hex = ON");
    }

    @Override
    public void holdCommits() {
        control.execute("FLUSH TABLES WITH READ LOCK");
    }

    @Override
    public Source source(List<String> warnings) {
        var status =
                control.rows(
                        "SELECT LOCAL->>'$.gtid_executed' AS g, LOCAL->>'$.binary_log_file' AS f,"
                                + " LOCAL->>'$.binary_log_position' AS p FROM performance_schema.log_status");
        if (status.isEmpty()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "performance_schema.log_status of %s is empty: the position of the snapshot is not known"
                            .formatted(control.address()),
                    "start the server with performance_schema=ON.");
        }
        var row = status.getFirst();
        String file = row.find("f").filter(name -> !name.equals("null")).orElse("");
        warnAboutLog(file, warnings);
        return new Source(
                control.version().toString(),
                Long.parseLong(control.requireValue("SELECT @@server_id")),
                Instant.now(),
                MySqlGtidSet.parse(row.find("g").orElse("")).toString(),
                "",
                "",
                file,
                file.isEmpty() ? 0 : Long.parseLong(row.require("p")),
                Integer.parseInt(control.requireValue("SELECT @@lower_case_table_names")),
                control.requireValue("SELECT @@character_set_server"),
                control.requireValue("SELECT @@collation_server"));
    }

    private void warnAboutLog(String file, List<String> warnings) {
        String mode = control.requireValue("SELECT @@GLOBAL.gtid_mode");
        if (file.isEmpty()) {
            warnings.add(
                    "the server writes no binary log: nothing after this base can be streamed from it");
        } else if (!mode.equals("ON")) {
            warnings.add(
                    "the server's gtid_mode is %s: what comes after this base has no GTIDs to go on by"
                            .formatted(mode));
        }
    }

    @Override
    public void releaseCommits() {
        control.execute("UNLOCK TABLES");
    }

    @Override
    public String kind() {
        return "FLUSH TABLES WITH READ LOCK";
    }
}
