package io.backstay.recovery.restore;

import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.fold.OrderedLog;
import io.backstay.recovery.fold.OtherStatement;
import io.backstay.recovery.fold.StatementMeaning;
import io.backstay.recovery.fold.TableLane;
import io.backstay.recovery.lane.OrderedReplay;
import java.util.ArrayList;
import java.util.List;

/// The events of the tables that left the fold, executed behind the load in a session of their own.
///
/// Goes on where a killed run was; where that cannot be told, [#mustBeginAnew] says so.
final class OrderedLane {
    /// So that the largest row of any table fits into one statement.
    private static final long PACKET_BYTES = 1L << 30;

    private final ServerAddress target;
    private final RestoreMarker marker;
    private final OrderedLog log;
    private final RecoveryListener listener;

    OrderedLane(
            ServerAddress target, RestoreMarker marker, OrderedLog log, RecoveryListener listener) {
        this.target = target;
        this.marker = marker;
        this.log = log;
        this.listener = listener;
    }

    /// A statement is in doubt, a session that is gone had tables of its own, or a table was found
    /// to be wrong since.
    boolean mustBeginAnew(List<TableLoad> loads) {
        boolean isWhole =
                loads.stream()
                        .allMatch(l -> marker.findDone(l.table().qualifiedName()).isPresent());
        return marker.isOrderedInDoubt() || (isBegun() && (log.hasTemporaryTables() || !isWhole));
    }

    /// Whether an earlier run had loaded everything.
    boolean isBegun() {
        return marker.orderedDone().isPresent();
    }

    /// What only the server that executed it vouches for. Accounts hold no data, and those of a
    /// base are not held against anything either.
    static List<String> unproven(FoldedLog log) {
        var unproven = new ArrayList<String>();
        log.fold()
                .lanes()
                .forEach(
                        (table, lane) -> {
                            if (lane instanceof TableLane.Ordered(var since)) {
                                unproven.add(
                                        "table %s is the server's own word from here on: %s"
                                                .formatted(table, since));
                            }
                        });
        for (OtherStatement other : log.fold().statements()) {
            if (other.meaning() != StatementMeaning.ACCOUNT) {
                unproven.add("executed, and the server's own word: " + other.reason());
            }
        }
        return unproven;
    }

    /// @return what was done, for people
    List<String> run(Server control, List<TableLoad> loads) {
        if (log.isEmpty()) {
            return List.of();
        }
        for (TableLoad load : loads) {
            if (load.orderedSince().isPresent()) {
                marker.tableVerified(control, load.table().qualifiedName(), load.found());
            }
        }
        int from = marker.orderedDone().orElse(0);
        marker.orderedDone(control, from);
        String packet = marker.packetBefore(control);
        control.execute("SET GLOBAL max_allowed_packet = " + PACKET_BYTES);
        try (Server session = Server.connect(target)) {
            LoadData.prepare(session);
            // which the loading sets to its own end, and no event tells
            session.execute("SET SESSION group_concat_max_len = DEFAULT");
            OrderedReplay.run(session, log, from, progress(session));
        } finally {
            control.execute("SET GLOBAL max_allowed_packet = " + packet);
        }
        var notes = new ArrayList<String>();
        notes.add(
                "ordered lane: the server executed %d transactions with %d row events and %d statements"
                        .formatted(log.transactions() - from, log.rowEvents(), log.statements()));
        return notes;
    }

    private OrderedReplay.Progress progress(Server session) {
        return new OrderedReplay.Progress() {
            @Override
            public void announce(int transaction) {
                marker.orderedAnnounced(session, transaction);
            }

            @Override
            public void database(String name) {
                marker.schemaMade(session, name);
            }

            @Override
            public void done(int transactions) {
                marker.orderedDone(session, transactions);
                listener.table(
                        "(ordered lane)", transactions, 0, transactions == log.transactions());
            }
        };
    }
}
