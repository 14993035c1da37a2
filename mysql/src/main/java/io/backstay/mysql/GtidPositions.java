package io.backstay.mysql;

import io.backstay.binlog.MariaDbGtidState;

/// How far a MariaDB server has come, by its own word.
///
/// @param binlogState `gtid_binlog_state`: all that its own binary log ever held
/// @param binlogPosition `gtid_binlog_pos`: the last of each domain in its binary log
/// @param slavePosition `gtid_slave_pos`: the last of each domain that came from a source
/// @param currentPosition `gtid_current_pos`
public record GtidPositions(
        MariaDbGtidState binlogState,
        MariaDbGtidState binlogPosition,
        MariaDbGtidState slavePosition,
        MariaDbGtidState currentPosition) {

    /// @throws io.backstay.doors.Problem if the server is no MariaDB
    public static GtidPositions read(Server server) {
        MySqlNotYet.requireMariaDb(server, "reading the GTID state");
        var row =
                server.rows(
                                "SELECT @@GLOBAL.gtid_binlog_state AS bs, @@GLOBAL.gtid_binlog_pos AS"
                                        + " bp, @@GLOBAL.gtid_slave_pos AS sp,"
                                        + " @@GLOBAL.gtid_current_pos AS cp")
                        .getFirst();
        return new GtidPositions(
                MariaDbGtidState.parse(row.find("bs").orElse("")),
                MariaDbGtidState.parse(row.find("bp").orElse("")),
                MariaDbGtidState.parse(row.find("sp").orElse("")),
                MariaDbGtidState.parse(row.find("cp").orElse("")));
    }
}
