package io.backstay.lab;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Wires MariaDB replicas to their source by GTID. All methods take a session of `root`.
///
/// The statements' old words for source and replica end here.
public final class Replication {
    private Replication() {}

    /// Makes a server a running replica, whatever it followed before.
    ///
    /// @param gtidPosition where to go on from; null: from the server's own `gtid_slave_pos`. A
    ///   former source passes its [#binlogPosition], as its own writes are not in `gtid_slave_pos`
    public static void follow(
            Connection replica,
            String sourceAddress,
            int sourcePort,
            String user,
            String password,
            @Nullable String gtidPosition)
            throws SQLException {
        try (Statement statement = replica.createStatement()) {
            statement.execute("stop slave");
            if (gtidPosition != null) {
                statement.execute("set global gtid_slave_pos = " + Sql.text(gtidPosition));
            }
            // an 11.4 asks for TLS by itself, and then for a certificate it can verify
            statement.execute(
                    "change master to master_host=%s, master_port=%d, master_user=%s, master_password=%s, master_use_gtid=slave_pos, master_connect_retry=1, master_ssl=0, master_ssl_verify_server_cert=0"
                            .formatted(
                                    Sql.text(sourceAddress),
                                    sourcePort,
                                    Sql.text(user),
                                    Sql.text(password)));
            statement.execute("start slave");
        }
    }

    /// Follows a lab server as its `repl` account, from the replica's own position.
    public static void follow(Connection replica, ServerSettings source) throws SQLException {
        follow(
                replica,
                source.address(),
                source.port(),
                Accounts.REPL,
                source.accounts().replPassword(),
                null);
    }

    /// Stops replicating and forgets the source.
    public static void forget(Connection replica) throws SQLException {
        try (Statement statement = replica.createStatement()) {
            statement.execute("stop slave");
            statement.execute("reset slave all");
        }
    }

    /// Empty for a server that follows nobody.
    public static Optional<ReplicaStatus> findStatus(Connection replica) throws SQLException {
        try (Statement statement = replica.createStatement();
                ResultSet row = statement.executeQuery("show slave status")) {
            if (!row.next()) {
                return Optional.empty();
            }
            long lagSeconds = row.getLong("Seconds_Behind_Master");
            boolean isUnknown = row.wasNull();
            return Optional.of(
                    new ReplicaStatus(
                            row.getString("Master_Host") + ":" + row.getInt("Master_Port"),
                            row.getString("Slave_IO_Running").equals("Yes"),
                            row.getString("Slave_SQL_Running").equals("Yes"),
                            isUnknown ? -1 : lagSeconds,
                            (row.getString("Last_IO_Error") + " " + row.getString("Last_SQL_Error"))
                                    .strip()));
        }
    }

    /// `gtid_binlog_pos`: the last transaction of each domain in this server's own binary log.
    public static String binlogPosition(Connection server) throws SQLException {
        return Sql.string(server, "select @@global.gtid_binlog_pos");
    }

    /// `gtid_slave_pos`: the last transaction of each domain that was applied from a source.
    public static String appliedPosition(Connection server) throws SQLException {
        return Sql.string(server, "select @@global.gtid_slave_pos");
    }

    /// Returns when the replica has applied a GTID position. A [Problem] names what stopped it, at
    /// the latest at the deadline.
    public static void awaitApplied(Connection replica, String gtidPosition, Duration deadline)
            throws SQLException {
        long endNanos = System.nanoTime() + deadline.toNanos();
        while (true) {
            long leftMillis = Math.max(0, (endNanos - System.nanoTime()) / 1_000_000);
            String wait =
                    "select master_gtid_wait(%s, %.3f)"
                            .formatted(Sql.text(gtidPosition), Math.min(500, leftMillis) / 1000.0);
            if (Sql.string(replica, wait).equals("0")) {
                return;
            }
            Optional<ReplicaStatus> status = findStatus(replica);
            boolean isStopped = status.isPresent() && !status.get().applies();
            if (isStopped || leftMillis == 0) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "replica has not applied %s within %d ms: it is at '%s', %s"
                                .formatted(
                                        gtidPosition,
                                        deadline.toMillis(),
                                        appliedPosition(replica),
                                        status.map(Object::toString).orElse("and follows nobody")),
                        "See SHOW SLAVE STATUS on the replica.");
            }
        }
    }

    /// Returns when both threads run.
    public static void awaitRunning(Connection replica, Duration deadline) throws SQLException {
        long endNanos = System.nanoTime() + deadline.toNanos();
        Optional<ReplicaStatus> status = findStatus(replica);
        while (status.isEmpty() || !status.get().isRunning()) {
            if (System.nanoTime() > endNanos) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "replication is not running after %d ms: %s"
                                .formatted(
                                        deadline.toMillis(),
                                        status.map(Object::toString).orElse("no source is set")),
                        "See SHOW SLAVE STATUS on the replica.");
            }
            Await.pause(Duration.ofMillis(20));
            status = findStatus(replica);
        }
    }
}
