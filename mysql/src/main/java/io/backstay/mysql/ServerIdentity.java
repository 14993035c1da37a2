package io.backstay.mysql;

import java.util.Optional;

/// Which server this is, by its own word.
///
/// @param serverUid MariaDB's `server_uid` (11.x), MySQL's `server_uuid`; empty where the server
///   has none
/// @param dataDirectory as the server sees it
/// @param pidFile as the server sees it; relative to the data directory if not absolute
public record ServerIdentity(
        long serverId,
        Optional<String> serverUid,
        String hostName,
        int port,
        String dataDirectory,
        String socket,
        String pidFile,
        ServerVersion version) {

    public static ServerIdentity read(Server server) {
        var row =
                server.rows(
                                "SELECT @@server_id AS i, @@hostname AS h, @@port AS p, @@datadir AS"
                                        + " d, @@socket AS s, @@pid_file AS f")
                        .getFirst();
        Optional<String> uid =
                server.findVariable("server_uuid").or(() -> server.findVariable("server_uid"));
        return new ServerIdentity(
                Long.parseLong(row.require("i")),
                uid,
                row.require("h"),
                Integer.parseInt(row.require("p")),
                row.require("d"),
                row.require("s"),
                row.require("f"),
                server.version());
    }
}
