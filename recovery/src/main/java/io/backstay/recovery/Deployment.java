package io.backstay.recovery;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import java.util.Optional;

/// What a server belongs to, where that makes it something else than one server with a log of its
/// own. Read from its variables, which every account sees.
public final class Deployment {
    private Deployment() {}

    /// Refuses, before anything is done, a server of a cluster that commits as one, or one that
    /// somebody else runs: none of them was ever tried.
    ///
    /// @param act what would be done with it, as in "back up"
    public static void requireOfItsOwn(Server server, String act) {
        find(server)
                .ifPresent(
                        kind -> {
                            throw new Problem(
                                    ErrorCode.UNSUPPORTED,
                                    "cannot %s %s: it is %s".formatted(act, server.address(), kind),
                                    "give a replica that is in no such cluster; a dump and its log files can be taken with"
                                            + " `backstay archive import`.");
                        });
    }

    private static Optional<String> find(Server server) {
        if (server.findVariable("wsrep_on").filter("ON"::equalsIgnoreCase).isPresent()) {
            return Optional.of(
                    "a member of a Galera cluster (wsrep_on=ON), whose members' own GTIDs differ and which hands on nothing that"
                            + " is loaded without a binary log");
        }
        if (isSet(server, "group_replication_group_name")) {
            return Optional.of("a member of a Group Replication group");
        }
        if (isSet(server, "aurora_version")) {
            return Optional.of("of Amazon Aurora");
        }
        if (server.findVariable("basedir").filter(dir -> dir.startsWith("/rdsdbbin")).isPresent()) {
            return Optional.of("of Amazon RDS");
        }
        if (isSet(server, "cloudsql_iam_authentication")) {
            return Optional.of("of Google Cloud SQL");
        }
        return Optional.empty();
    }

    private static boolean isSet(Server server, String name) {
        return server.findVariable(name).filter(value -> !value.isEmpty()).isPresent();
    }
}
