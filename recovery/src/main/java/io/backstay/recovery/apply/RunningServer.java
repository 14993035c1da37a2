package io.backstay.recovery.apply;

import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.GtidPositions;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A server that has rows already, of either flavour: what it has had, whom it follows, and what it
/// is told to have when net changes have gone onto it.
public record RunningServer(Server server) {

    private boolean isMySql() {
        return server.version().flavour() == Flavour.MYSQL;
    }

    /// A session for one long transaction.
    public void prepare() {
        server.execute("SET SESSION lock_wait_timeout = 60");
        if (isMySql()) {
            // the types in JSON documents come as one text
            server.execute(
                    "SET SESSION max_execution_time = 0, SESSION group_concat_max_len = 1073741824");
        } else {
            server.execute("SET SESSION max_statement_time = 0");
        }
    }

    /// Of all that it has had.
    public GtidSet gtids() {
        if (isMySql()) {
            return MySqlGtidSet.parse(server.requireValue("SELECT @@GLOBAL.gtid_executed"));
        }
        GtidPositions positions = GtidPositions.read(server);
        return positions.binlogState().union(positions.slavePosition());
    }

    /// The first transaction of these that it has not had.
    public Optional<Gtid> findMissing(GtidSet wanted) {
        GtidSet has = gtids();
        return switch (wanted) {
            case MariaDbGtidState state ->
                    state.gtids().stream()
                            .filter(gtid -> !has.has(gtid))
                            .map(Gtid.class::cast)
                            .findFirst();
            case MySqlGtidSet set ->
                    has instanceof MySqlGtidSet executed
                            ? set.minus(executed).findFirst().map(Gtid.class::cast)
                            : set.findFirst().map(Gtid.class::cast);
        };
    }

    /// Whom it is set up to follow.
    public List<String> sources() {
        return column(
                isMySql() ? "SHOW REPLICA STATUS" : "SHOW ALL SLAVES STATUS",
                isMySql() ? "Source_Host" : "Master_Host");
    }

    /// Numbers of the servers that follow it.
    public List<String> replicas() {
        return column(
                isMySql() ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS",
                isMySql() ? "Server_Id" : "Server_id");
    }

    private List<String> column(String sql, String name) {
        var all = new ArrayList<String>();
        server.rows(sql).forEach(row -> all.add(row.find(name).orElse("?")));
        return all;
    }

    /// Makes it a server that has had all of `end`, with an empty binary log.
    ///
    /// Errors: it has had more than `before` meanwhile.
    public void become(GtidSet before, GtidSet end) {
        boolean hasBinlog = server.requireValue("SELECT @@log_bin").equals("1");
        switch (end) {
            case MySqlGtidSet set -> {
                requireNoMore(before, gtids());
                server.execute("RESET BINARY LOGS AND GTIDS");
                server.execute("SET GLOBAL gtid_purged = " + Identifier.text(set.toString()));
            }
            case MariaDbGtidState state -> {
                if (hasBinlog) {
                    requireNoMore(before, GtidPositions.read(server).binlogState());
                    server.execute("RESET MASTER");
                    server.execute(
                            "SET GLOBAL gtid_binlog_state = " + Identifier.text(state.toString()));
                }
                server.execute(
                        "SET GLOBAL gtid_slave_pos = "
                                + Identifier.text(state.positionState().toString()));
            }
        }
    }

    private void requireNoMore(GtidSet before, GtidSet now) {
        boolean isMore =
                switch (now) {
                    case MariaDbGtidState state ->
                            !(before instanceof MariaDbGtidState known
                                    && state.gtids().stream().allMatch(known::contains));
                    case MySqlGtidSet set -> !before.covers(set);
                };
        if (isMore) {
            throw new Problem(
                    ErrorCode.IN_DOUBT,
                    "%s was written to while its rows were brought on: its binary log has %s"
                            .formatted(server.address(), now),
                    "its rows are at the later point and what was written beside; restore into a fresh server.");
        }
    }
}
