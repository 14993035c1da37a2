package io.backstay.mysql;

import io.backstay.binlog.BinlogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// A server's part in replication: whom it follows, and who follows it now.
///
/// @param sources one for each configured connection to a source, running or not
/// @param replicas one for each session that reads this server's binary log now; needs the PROCESS
///   privilege
/// @param isReadOnly `read_only`
public record ReplicationStatus(
        List<FollowedSource> sources, List<ConnectedReplica> replicas, boolean isReadOnly) {

    /// One connection to a source.
    ///
    /// @param name empty for the default connection
    /// @param ioState `Yes`, `No`, `Connecting` or `Preparing`, as the server says it
    /// @param sqlState `Yes` or `No`
    /// @param usingGtid `No`, `Slave_Pos` or `Current_Pos`
    /// @param gtidIoPosition the last GTID fetched of each domain; empty text if GTIDs are not used
    /// @param executed the source's position up to which all is applied; empty if none yet
    /// @param filters every replication filter that is set, by its name in the status; any at all
    ///   means that this replica may lack data of its source
    /// @param secondsBehind empty while the server cannot tell
    public record FollowedSource(
            String name,
            String host,
            int port,
            String ioState,
            String sqlState,
            String usingGtid,
            String gtidIoPosition,
            Optional<BinlogPosition> executed,
            Map<String, String> filters,
            OptionalLong secondsBehind,
            long delaySeconds,
            String lastIoError,
            String lastSqlError) {

        /// Both threads run. Says nothing of how far it has come.
        public boolean isRunning() {
            return "Yes".equals(ioState) && "Yes".equals(sqlState);
        }
    }

    /// One session that reads the binary log, a replica or a stream.
    public record ConnectedReplica(long threadId, String user, String host) {}

    public static ReplicationStatus read(Server server) {
        MySqlNotYet.requireMariaDb(server, "reading the replication status");
        var sources = new ArrayList<FollowedSource>();
        for (var row : server.rows("SHOW ALL SLAVES STATUS")) {
            sources.add(source(row));
        }
        var replicas = new ArrayList<ConnectedReplica>();
        for (var row : server.rows("SHOW PROCESSLIST")) {
            if (row.find("Command").orElse("").toLowerCase(Locale.ROOT).startsWith("binlog dump")) {
                replicas.add(
                        new ConnectedReplica(
                                Long.parseLong(row.find("Id").orElse("")),
                                row.find("User").orElse(""),
                                row.find("Host").orElse("")));
            }
        }
        return new ReplicationStatus(
                List.copyOf(sources),
                List.copyOf(replicas),
                !"0".equals(server.requireValue("SELECT @@GLOBAL.read_only")));
    }

    private static FollowedSource source(SqlRow row) {
        var filters = new TreeMap<String, String>();
        row.values()
                .forEach(
                        (column, value) -> {
                            if (column.startsWith("Replicate_") && !value.orElse("").isEmpty()) {
                                filters.put(column, value.orElseThrow());
                            }
                        });
        String file = row.find("Relay_Master_Log_File").orElse("");
        Optional<String> behind = row.find("Seconds_Behind_Master");
        return new FollowedSource(
                row.find("Connection_name").orElse(""),
                row.find("Master_Host").orElse(""),
                Integer.parseInt(row.find("Master_Port").orElse("")),
                row.find("Slave_IO_Running").orElse(""),
                row.find("Slave_SQL_Running").orElse(""),
                row.find("Using_Gtid").orElse(""),
                row.find("Gtid_IO_Pos").orElse(""),
                file.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new BinlogPosition(
                                        file,
                                        Long.parseLong(
                                                row.find("Exec_Master_Log_Pos").orElse("")))),
                Map.copyOf(filters),
                behind.map(Long::parseLong).map(OptionalLong::of).orElse(OptionalLong.empty()),
                Long.parseLong(row.find("SQL_Delay").orElse("")),
                row.find("Last_IO_Error").orElse(""),
                row.find("Last_SQL_Error").orElse(""));
    }
}
