package io.backstay.guard.retire;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is to be retired: one data directory, its server, and the members of its cluster that must
/// each hold all of it.
///
/// @param server by its unix socket
/// @param view of this host, with server and cluster
/// @param watch how long nothing may happen, fenced and again stopped
public record RetireRequest(
        Target.PathTarget target, ServerAddress server, HostView view, Duration watch) {
    /// The one covered operation.
    public static final String OPERATION = "retire";

    /// @throws Problem for what could not be judged: no socket, no peers, no time
    public static RetireRequest of(
            Target target,
            ServerAddress server,
            String cluster,
            List<HostView.Peer> peers,
            HostView host,
            Duration watch) {
        if (!(target instanceof Target.PathTarget folder)) {
            throw usage(
                    "only a data directory can be retired, found " + target.text(),
                    "name it: --target path:DIR");
        }
        if (server.socket().isEmpty()) {
            throw usage(
                    "the server that is to go must be named by its unix socket, found " + server,
                    "write --server mysql:///PATH.sock?user=USER");
        }
        if (!cluster.matches("[A-Za-z0-9._-]{1,48}")) {
            throw usage(
                    "a cluster's name has letters, digits and ._-, found '%s'".formatted(cluster),
                    "give all members the same: --cluster NAME");
        }
        if (peers.isEmpty()) {
            throw usage(
                    "without a peer nobody else holds the data",
                    "name each other member: --peer NAME=mysql://USER@HOST:PORT");
        }
        if (watch.isNegative() || watch.isZero()) {
            throw usage("a watch of %s watches nothing".formatted(watch), "write --watch PT30S");
        }
        return new RetireRequest(
                folder,
                server,
                host.withServer(server).withCover(cluster, peers, peers.size(), Set.of(OPERATION)),
                watch);
    }

    public Path dataDir() {
        return target.path();
    }

    /// The last question to the guard, once all is stopped.
    GuardRequest last(io.backstay.binlog.MariaDbGtidState end) {
        return new GuardRequest(OPERATION, target, view, Optional.of(end));
    }

    /// The same question for whoever keeps the ledger: by target.
    public GuardRequest question() {
        return new GuardRequest(OPERATION, target, view);
    }

    private static Problem usage(String what, String hint) {
        return new Problem(ErrorCode.USAGE, what, hint + ".");
    }
}
