package io.backstay.recovery.backup;

import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.Deployment;
import io.backstay.recovery.RecoveryTask;
import io.backstay.recovery.archive.BaseDocument.Lock;
import io.backstay.recovery.archive.BaseDocument.Program;
import io.backstay.recovery.archive.BaseDocument.Schema;
import io.backstay.recovery.archive.BaseDocument.Source;
import io.backstay.recovery.archive.BaseDocument.Table;
import java.util.ArrayList;
import java.util.List;

/// Several sessions that see one and the same state of a server, and where in the log that state
/// is.
///
/// [SnapshotLock] holds definitions still while they are read, then commits while the read views
/// are opened and the position is read. What stays locked while rows are copied is the flavour's:
/// [MySqlSnapshotLock], [MariaDbSnapshotLock].
final class Snapshot implements AutoCloseable {
    private final Server control;
    private final List<Server> sessions;
    final Source source;
    final Lock lock;
    final List<Schema> schemas;
    final List<Table> tables;
    final List<Program> programs;
    final List<String> accounts;
    final List<String> warnings;

    private Snapshot(
            Server control,
            List<Server> sessions,
            Source source,
            Lock lock,
            List<Schema> schemas,
            List<Table> tables,
            List<Program> programs,
            List<String> accounts,
            List<String> warnings) {
        this.control = control;
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
        Server control = Server.connect(address);
        try {
            Deployment.requireOfItsOwn(control, "back up");
            RecoveryTask.BACKUP.require(control);
            SnapshotLock hold = SnapshotLock.of(control);
            for (int i = 0; i < threads; i++) {
                Server session = Server.connect(address);
                sessions.add(session);
                hold.prepareReader(session);
                session.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            }
            return take(control, hold, List.copyOf(sessions));
        } catch (RuntimeException e) {
            sessions.forEach(Server::close);
            control.close();
            throw e;
        }
    }

    private static Snapshot take(Server control, SnapshotLock hold, List<Server> sessions) {
        hold.holdDefinitions();
        var warnings = new ArrayList<String>();
        var reader = new SchemaReader(control);
        List<Schema> schemas = reader.schemas();
        List<Table> tables = reader.tables();
        var programReader = new ProgramReader(control, warnings);
        List<Program> programs = programReader.programs();
        List<String> accounts = AccountReader.of(control, warnings).accounts();
        long before = System.nanoTime();
        hold.holdCommits();
        sessions.forEach(
                session ->
                        session.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
        Source source = hold.source(warnings);
        hold.releaseCommits();
        long heldMicros = (System.nanoTime() - before) / 1000;
        return new Snapshot(
                control,
                sessions,
                source,
                new Lock(hold.kind(), heldMicros),
                schemas,
                tables,
                programs,
                accounts,
                List.copyOf(warnings));
    }

    /// Ends the read views, and gives free what is still locked.
    @Override
    public void close() {
        sessions.forEach(Server::close);
        control.close();
    }
}
