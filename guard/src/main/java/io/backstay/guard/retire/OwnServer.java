package io.backstay.guard.retire;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.ProcessIdentity;
import io.backstay.doors.kernel.KernelRefusedException;
import io.backstay.doors.kernel.UnixPeer;
import io.backstay.guard.internal.ClusterSurvivors;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.SqlRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The server that is to go, by its unix socket: the kernel names the process behind it, so it is
/// no other one.
///
/// Holds two sessions: one asks, and the other one must be seen by it before what it does not see
/// counts.
final class OwnServer implements AutoCloseable {
    private static final int LOCK_WAIT_SECONDS = 8;
    private static final String OTHERS =
            "SELECT id, user, host, command FROM information_schema.processlist"
                    + " WHERE user NOT IN ('system user', 'event_scheduler') AND command NOT IN"
                    + " ('Slave_worker', 'Slave_IO', 'Slave_SQL', 'Daemon')";

    private final Server server;
    private final Server control;
    private final ProcessIdentity process;
    private final String ownId;
    private final String controlId;

    private OwnServer(Server server, Server control, ProcessIdentity process) {
        this.server = server;
        this.control = control;
        this.process = process;
        this.ownId = server.requireValue("SELECT CONNECTION_ID()");
        this.controlId = control.requireValue("SELECT CONNECTION_ID()");
    }

    /// Empty if nobody is behind the socket.
    static Optional<ProcessIdentity> processBehind(ServerAddress address) {
        Path socket = address.socket().orElseThrow();
        try {
            return ProcessIdentity.of(UnixPeer.pidBehind(socket));
        } catch (KernelRefusedException e) {
            return switch (e.errno()) {
                case KernelRefusedException.ENOENT, KernelRefusedException.ECONNREFUSED ->
                        Optional.empty();
                default ->
                        throw new Problem(
                                ErrorCode.ENVIRONMENT,
                                "who is behind %s is not seen: %s"
                                        .formatted(socket, e.getMessage()),
                                "free the server that hangs.",
                                e);
            };
        }
    }

    /// @throws Problem if it does not answer, or has its data elsewhere than in `dataDir`
    static OwnServer connect(ServerAddress address, Path dataDir) {
        ProcessIdentity process =
                processBehind(address)
                        .orElseThrow(
                                () ->
                                        new Problem(
                                                ErrorCode.ENVIRONMENT,
                                                "no server answers at %s: expected the one that has its data in %s"
                                                        .formatted(address, dataDir),
                                                "start it first; data whose server is stopped already is `guard exec`'s."));
        Server server = Server.connect(address);
        try {
            var own = new OwnServer(server, Server.connect(address), process);
            own.requireAt(dataDir);
            return own;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void requireAt(Path dataDir) {
        Path found = Path.of(server.requireValue("SELECT @@datadir"));
        try {
            if (Files.isSameFile(found, dataDir)) {
                return;
            }
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "whether %s is %s cannot be told: %s".formatted(found, dataDir, e.getMessage()),
                    "run as root, on the host itself.",
                    e);
        }
        throw new Problem(
                ErrorCode.REFUSED,
                "the server at %s is another one: expected its data in %s, found %s"
                        .formatted(server.address(), dataDir, found),
                "name the socket of the server that is to go.");
    }

    ProcessIdentity process() {
        return process;
    }

    long serverId() {
        return Long.parseLong(server.requireValue("SELECT @@server_id"));
    }

    boolean isReadOnly() {
        return !server.requireValue("SELECT @@GLOBAL.read_only").equals("0");
    }

    boolean hasBinlog() {
        return server.requireValue("SELECT @@GLOBAL.log_bin").equals("1");
    }

    MariaDbGtidState state() {
        return GtidPositions.read(server).binlogState();
    }

    /// Connections to sources, running or not.
    List<SqlRow> sources() {
        return server.rows("SHOW ALL SLAVES STATUS");
    }

    /// Names of those that run, wholly or in part.
    List<String> replicating() {
        return sources().stream()
                .filter(
                        row ->
                                !row.find("Slave_IO_Running").orElse("").equals("No")
                                        || !row.find("Slave_SQL_Running").orElse("").equals("No"))
                .map(row -> row.find("Connection_name").orElse(""))
                .toList();
    }

    /// Its user tables and views, `schema.table`.
    Set<String> tables() {
        var tables = new HashSet<String>();
        for (SqlRow row :
                server.rows(
                        "SELECT table_schema AS s, table_name AS t FROM information_schema.tables"
                                + " WHERE table_schema NOT IN"
                                + " ('mysql', 'performance_schema', 'sys', 'information_schema')")) {
            tables.add(row.require("s") + "." + row.require("t"));
        }
        return Set.copyOf(tables);
    }

    /// Everybody who is connected but this object, who reads its log included.
    ///
    /// @throws Problem if the account does not see other sessions
    List<String> others() {
        List<SqlRow> sessions = server.rows(OTHERS);
        if (sessions.stream().noneMatch(row -> row.require("id").equals(controlId))) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "the account of %s does not see other sessions, not even its own second one"
                            .formatted(server.address()),
                    "grant it PROCESS on *.*.");
        }
        return sessions.stream()
                .filter(row -> !Set.of(ownId, controlId).contains(row.require("id")))
                .map(
                        row ->
                                "%s@%s%s"
                                        .formatted(
                                                row.require("user"),
                                                row.require("host"),
                                                isReader(row) ? " (reads the binary log)" : ""))
                .toList();
    }

    /// Who reads its binary log: replicas, registered or not, and others.
    List<String> readers() {
        return others().stream().filter(session -> session.endsWith("binary log)")).toList();
    }

    private static boolean isReader(SqlRow session) {
        return session.find("command").orElse("").startsWith("Binlog Dump");
    }

    /// Sessions ever opened, failed tries included.
    long connections() {
        return status("Connections");
    }

    /// Rows that were ever written since its start, logged or not, temporary tables left out.
    long rowsChanged() {
        return status("Handler_write") + status("Handler_update") + status("Handler_delete");
    }

    private long status(String name) {
        return Long.parseLong(
                server.rows("SHOW GLOBAL STATUS WHERE Variable_name = " + Identifier.text(name))
                        .getFirst()
                        .require("Value"));
    }

    /// A foreign guard's lease on this server; empty if there is none.
    Optional<String> leaseHolder(String cluster) {
        return server.findValue(
                "SELECT IS_USED_LOCK(%s)"
                        .formatted(Identifier.text(ClusterSurvivors.leaseName(cluster))));
    }

    /// Closes it to writers and to its source.
    ///
    /// @return the end of its binary log from then on
    MariaDbGtidState fence() {
        // LOCK TABLES or a long statement would hold this up for ever
        server.execute("SET SESSION lock_wait_timeout=" + LOCK_WAIT_SECONDS);
        server.execute("SET GLOBAL read_only=1");
        server.execute("STOP ALL REPLICAS");
        return state();
    }

    void unfence(Before before) {
        server.execute("SET GLOBAL read_only=" + (before.isReadOnly() ? 1 : 0));
        for (String connection : before.replicating()) {
            server.execute("START REPLICA" + (connection.isEmpty() ? "" : " '" + connection + "'"));
        }
    }

    /// Tells it to end cleanly; does not wait.
    void shutDown() {
        server.execute("SHUTDOWN");
    }

    @Override
    public void close() {
        control.close();
        server.close();
    }
}
