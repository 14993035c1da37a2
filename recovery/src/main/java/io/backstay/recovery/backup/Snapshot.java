package io.backstay.recovery.backup;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.RecoveryTask;
import io.backstay.recovery.archive.BaseDocument.Lock;
import io.backstay.recovery.archive.BaseDocument.Program;
import io.backstay.recovery.archive.BaseDocument.Schema;
import io.backstay.recovery.archive.BaseDocument.Source;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.rows.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Several sessions that see one and the same state of a server, and where in the log that state
/// is.
///
/// How: `BACKUP STAGE BLOCK_DDL` while definitions are read (rows may be written, definitions may
/// not change), then `BLOCK_COMMIT` for as long as it takes to open the read views and to read the
/// positions. A commit holds the backup lock from before it enters the binary log until the engine
/// has it, so positions and read views tell of the same transactions. Source: MariaDB knowledge
/// base, "BACKUP STAGE". Nothing is held afterwards: a table altered while it is read makes InnoDB
/// refuse the read view (error 1412), never a wrong copy.
final class Snapshot implements AutoCloseable {
    private final List<Server> sessions;
    final Source source;
    final Lock lock;
    final List<Schema> schemas;
    final List<Table> tables;
    final List<Program> programs;
    final List<String> accounts;
    final List<String> warnings;

    private Snapshot(
            List<Server> sessions,
            Source source,
            Lock lock,
            List<Schema> schemas,
            List<Table> tables,
            List<Program> programs,
            List<String> accounts,
            List<String> warnings) {
        this.sessions = sessions;
        this.source = source;
        this.lock = lock;
        this.schemas = schemas;
        this.tables = tables;
        this.programs = programs;
        this.accounts = accounts;
        this.warnings = warnings;
    }

    List<Server> sessions() {
        return sessions;
    }

    static Snapshot take(ServerAddress address, int threads) {
        var sessions = new ArrayList<Server>();
        try (Server control = Server.connect(address)) {
            RecoveryTask.BACKUP.require(control);
            for (int i = 0; i < threads; i++) {
                Server session = Server.connect(address);
                sessions.add(session);
                session.execute(
                        "SET SESSION max_statement_time = 0, SESSION net_write_timeout = 28800, SESSION wait_timeout = 86400");
                session.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            }
            return take(control, List.copyOf(sessions));
        } catch (RuntimeException e) {
            sessions.forEach(Server::close);
            throw e;
        }
    }

    private static Snapshot take(Server control, List<Server> sessions) {
        control.execute("SET SESSION lock_wait_timeout = 60, SESSION max_statement_time = 0");
        control.execute("BACKUP STAGE START");
        control.execute("BACKUP STAGE FLUSH");
        control.execute("BACKUP STAGE BLOCK_DDL");
        var reader = new SchemaReader(control);
        List<Schema> schemas = reader.schemas();
        List<Table> tables = reader.tables();
        var warnings = new ArrayList<String>();
        var programReader = new ProgramReader(control, warnings);
        List<Program> programs = programReader.programs();
        List<String> accounts = programReader.accounts();
        long before = System.nanoTime();
        control.execute("BACKUP STAGE BLOCK_COMMIT");
        sessions.forEach(
                session ->
                        session.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
        Source source = source(control, warnings);
        control.execute("BACKUP STAGE END");
        long heldMicros = (System.nanoTime() - before) / 1000;
        return new Snapshot(
                sessions,
                source,
                new Lock("BACKUP STAGE BLOCK_COMMIT", heldMicros),
                schemas,
                tables,
                programs,
                accounts,
                List.copyOf(warnings));
    }

    private static Source source(Server control, List<String> warnings) {
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
    public void close() {
        sessions.forEach(Server::close);
    }
}
