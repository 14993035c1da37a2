package io.backstay.guard.internal;

import io.backstay.mysql.Server;
import io.backstay.mysql.SqlRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a peer is for the cluster once this host is gone: who it is, whether it takes writes, whom
/// it follows.
///
/// @param identity what stays the same as long as it is that server; text to be compared
/// @param follows server ids of its sources
record Survivor(
        String name, long serverId, String identity, boolean takesWrites, List<Long> follows) {

    static Survivor read(String name, Server server) {
        SqlRow row =
                server.rows(
                                "SELECT @@server_id AS id, @@hostname AS h, @@port AS p, @@datadir AS d,"
                                        + " @@GLOBAL.read_only AS r, @@GLOBAL.innodb_read_only AS i")
                        .getFirst();
        List<Long> follows =
                server.rows("SHOW ALL SLAVES STATUS").stream()
                        .map(source -> Long.parseLong(source.require("Master_Server_Id")))
                        .toList();
        return new Survivor(
                name,
                Long.parseLong(row.require("id")),
                "server id %s on %s, port %s, data in %s"
                        .formatted(
                                row.require("id"),
                                row.require("h"),
                                row.require("p"),
                                row.require("d")),
                row.require("r").equals("0") && row.require("i").equals("0"),
                follows);
    }

    /// Why the cluster could not go on with these alone, a sentence each. Pure.
    ///
    /// @param ownServerId of the server that is to go
    /// @param noted identities by name, as they were when the retirement began; empty at its begin
    static List<String> against(
            List<Survivor> survivors, long ownServerId, Map<String, String> noted) {
        var against = new ArrayList<String>();
        for (Survivor survivor : survivors) {
            if (survivor.serverId == ownServerId) {
                against.add(
                        "%s is this very server, or has its server id %d"
                                .formatted(survivor.name, ownServerId));
            }
            if (survivor.follows.contains(ownServerId)) {
                against.add(
                        survivor.name + " follows this server: let it follow another one first");
            }
            if (survivor.follows.isEmpty() && !survivor.takesWrites) {
                against.add(survivor.name + " follows nobody and takes no writes");
            }
            String before = noted.get(survivor.name);
            if (!noted.isEmpty() && !survivor.identity.equals(before)) {
                against.add(
                        "%s is another server now: expected %s, found %s"
                                .formatted(survivor.name, before, survivor.identity));
            }
        }
        if (survivors.stream().noneMatch(s -> s.takesWrites && s.follows.isEmpty())) {
            against.add("no peer is a source that takes writes: expected one, found none");
        }
        return against;
    }
}
