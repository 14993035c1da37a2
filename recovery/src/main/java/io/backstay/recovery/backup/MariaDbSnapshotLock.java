package io.backstay.recovery.backup;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Server;
import io.backstay.recovery.archive.BaseDocument.Source;
import io.backstay.recovery.rows.Rows;
import java.time.Instant;
import java.util.List;

/// `BACKUP STAGE BLOCK_DDL` while definitions are read (rows may be written, definitions may not
/// change), then `BLOCK_COMMIT` for as long as it takes to open the read views and to read the
/// positions.
///
/// A commit holds the backup lock from before it enters the binary log until the engine has it, so
/// positions and read views tell of the same transactions. Source: MariaDB knowledge base, "BACKUP
/// STAGE". Nothing is held afterwards: a table altered while it is read makes InnoDB refuse the
/// read view (error 1412), never a wrong copy.
record MariaDbSnapshotLock(Server control) implements SnapshotLock {

    @Override
    public void prepareReader(Server session) {
        session.execute(
                "SET SESSION max_statement_time = 0, SESSION net_write_timeout = 28800, SESSION wait_timeout = 86400");
    }

    @Override
    public void holdDefinitions() {
        control.execute("SET SESSION lock_wait_timeout = 60, SESSION max_statement_time = 0");
        control.execute("BACKUP STAGE START");
        control.execute("BACKUP STAGE FLUSH");
        control.execute("BACKUP STAGE BLOCK_DDL");
    }

    @Override
    public void holdCommits() {
        control.execute("BACKUP STAGE BLOCK_COMMIT");
    }

    @Override
    public Source source(List<String> warnings) {
        GtidPositions positions = GtidPositions.read(control);
        MariaDbGtidState position =
                positions.binlogPosition().union(positions.slavePosition()).positionState();
        var status = Rows.of(control, "SHOW MASTER STATUS");
        String file = "";
        long at = 0;
        if (status.isEmpty()) {
            warnings.add(
                    "the server writes no binary log: nothing after this base can be streamed from it");
        } else {
            file = String.valueOf(status.getFirst().get(0));
            at = Long.parseLong(String.valueOf(status.getFirst().get(1)));
        }
        return new Source(
                control.version().toString(),
                Long.parseLong(control.requireValue("SELECT @@server_id")),
                Instant.now(),
                position.toString(),
                positions.binlogState().toString(),
                positions.slavePosition().toString(),
                file,
                at,
                Integer.parseInt(control.requireValue("SELECT @@lower_case_table_names")),
                control.requireValue("SELECT @@character_set_server"),
                control.requireValue("SELECT @@collation_server"));
    }

    @Override
    public void releaseCommits() {
        control.execute("BACKUP STAGE END");
    }

    @Override
    public String kind() {
        return "BACKUP STAGE BLOCK_COMMIT";
    }
}
