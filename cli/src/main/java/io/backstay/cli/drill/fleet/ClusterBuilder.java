package io.backstay.cli.drill.fleet;

import io.backstay.doors.Commands;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Following;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Makes a cluster from nothing: the source is loaded once, stopped, and copied cold to the
/// replicas.
final class ClusterBuilder {
    private ClusterBuilder() {}

    /// @param source loaded through `load` while it is alone and closed to clients; takes writes
    ///   when this returns
    static void build(
            EmbeddedHost source,
            List<EmbeddedHost> replicas,
            String version,
            Consumer<EmbeddedHost> load) {
        source.server().initialise(version);
        source.server().start(version);
        load.accept(source);
        copyToReplicas(source, replicas, version);
    }

    /// Copies a member cold to others, and lets them follow it.
    ///
    /// @param source runs before and after; takes writes when this returns
    static void copyToReplicas(EmbeddedHost source, List<EmbeddedHost> replicas, String version) {
        String position;
        try (Server session = source.server().connect()) {
            position = session.requireValue("SELECT @@gtid_binlog_pos");
        }
        source.server().stop();
        for (EmbeddedHost replica : replicas) {
            copy(source.database().folders().data(), replica.database().folders().data());
        }
        source.server().start(version);
        for (EmbeddedHost replica : replicas) {
            replica.server().start(version);
            try (Server session = replica.server().connect()) {
                session.execute("SET GLOBAL gtid_slave_pos=" + Identifier.text(position));
                Following.start(
                        session,
                        source.place().address(),
                        source.place().port(),
                        replica.database().replication().user(),
                        replica.database().replication().password());
            }
        }
        source.open();
    }

    private static void copy(Path from, Path to) {
        Commands.Result result =
                Commands.run(
                        List.of("cp", "-a", "--", from.toString(), to.toString()),
                        null,
                        Duration.ofMinutes(5));
        if (result.timedOut() || result.exit() != 0) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot copy %s to %s: %s".formatted(from, to, result.err().strip()),
                    "make room on that disk, or choose another folder with --dir.");
        }
    }
}
