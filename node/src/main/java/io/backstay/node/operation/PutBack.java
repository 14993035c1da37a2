package io.backstay.node.operation;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.HostFolders;
import io.backstay.node.host.Member;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// The back-out of an upgrade: the data directory that was set aside is put back and started by the
/// version it belongs to.
///
/// A member that was the source when it was set aside comes back closed to writers and follows
/// nobody: an older server is never made the replica of a newer one. The new directory is kept as
/// discarded: dropping it is a guarded step of its own. One whose server never answered has no end
/// of a log that a guard could be given, and nothing that is only there: it is kept under a name
/// that no step drops. Nothing that a newer server has opened is ever started by an older one:
/// [io.backstay.node.host.ServerControl#start] refuses that.
public final class PutBack implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of("source");
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        Member source = host.requireMember(Arguments.require(arguments, "source"));
        HostFolders folders = host.folders();
        if (Files.exists(folders.aside())) {
            requireWhole(host);
            if (host.server().isRunning()) {
                try (Server session = host.server().connect()) {
                    Leases.requireNone(session, host, "back out");
                    folders.markServed();
                    session.execute("SET GLOBAL read_only=1");
                    session.execute("STOP REPLICA");
                    FencedEnd.note(host, session);
                }
                host.server().stop();
            }
            if (Files.exists(folders.data())) {
                Disk.rename(
                        folders.data(),
                        folders.isMarkedNew() && !folders.isServed()
                                ? folders.nextUnserved()
                                : folders.nextDiscarded());
            }
            folders.unmarkNew();
            Disk.rename(folders.aside(), folders.data());
        }
        host.server().start(host.server().versionOf(folders.data()));
        try (Server session = host.server().connect()) {
            session.execute("SET GLOBAL read_only=1");
            if (Replication.source(session).isEmpty()) {
                // it was the source: whoever is that now runs the newer version, which it must not
                // follow
                return Map.of(
                        "version", session.requireValue("SELECT @@version"), "follows", "nobody");
            }
            Replication.follow(session, source, host.replication());
            Replication.awaitRunning(session, Duration.ofSeconds(30));
            return Map.of(
                    "version", session.requireValue("SELECT @@version"), "follows", source.name());
        }
    }

    /// A copy whose destroying was begun is no way back.
    private static void requireWhole(DatabaseHost host) {
        if (DestroyMark.isSet(host.folders().aside())) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "cannot put %s back: expected a whole copy, found one whose destroying was begun"
                            .formatted(host.folders().aside()),
                    "restore the member from the archive; then remove what is left of the copy by hand.");
        }
    }
}
