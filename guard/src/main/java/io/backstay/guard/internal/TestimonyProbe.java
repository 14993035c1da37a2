package io.backstay.guard.internal;

import io.backstay.doors.kernel.KernelRefusedException;
import io.backstay.doors.kernel.UnixPeer;
import io.backstay.mysql.ReplicationStatus;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Does the host's own server say that it lives here? A witness counts only by its identity (the
/// process behind the unix socket) and once its account has seen its own second session.
///
/// A server that does not answer proves nothing; whether one lives here is then for the kernel to
/// say. A server that answers and has its data elsewhere is no user of this place.
final class TestimonyProbe implements Probe {
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    @Override
    public String name() {
        return "testimony";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        Optional<ServerAddress> server = world.request().view().server();
        Optional<Path> socket = server.flatMap(ServerAddress::socket);
        if (server.isEmpty() || socket.isEmpty()) {
            throw new CannotLookException(
                    "the host's server is not named by its unix socket",
                    "name it as mysql:///PATH.sock?user=USER");
        }
        Optional<Integer> pid = pidBehind(socket.get());
        if (pid.isEmpty()) {
            return List.of();
        }
        ProcessFacts process = process(pid.get(), world);
        if (world.holdings(process, place).isEmpty()) {
            if (Scope.elsewhere(process, place, world.table().mountsOf(process)).isEmpty()) {
                throw new CannotLookException(
                        process.label()
                                + " answers at "
                                + socket.get()
                                + ", but where its data lies is not seen",
                        "run as root");
            }
            return List.of();
        }
        return testimony(server.get(), process);
    }

    /// Empty if nobody is there: no socket's file, or one that was left behind.
    private static Optional<Integer> pidBehind(Path socket) throws CannotLookException {
        try {
            return Optional.of(UnixPeer.pidBehind(socket));
        } catch (KernelRefusedException e) {
            return switch (e.errno()) {
                case KernelRefusedException.ENOENT, KernelRefusedException.ECONNREFUSED ->
                        Optional.empty();
                default ->
                        throw new CannotLookException(
                                String.valueOf(e.getMessage()), "free the server that hangs");
            };
        }
    }

    private static ProcessFacts process(int pid, World world) throws CannotLookException {
        return world.table().processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow(
                        () ->
                                new CannotLookException(
                                        "process %d answers at the server's socket and is not seen"
                                                .formatted(pid),
                                        "run as root, outside of a container"));
    }

    private static List<String> testimony(ServerAddress address, ProcessFacts process)
            throws CannotLookException {
        return WithinDeadline.await(
                WithinDeadline.begin("testimony", () -> ask(address, process)),
                DEADLINE,
                process.label() + ", the host's server,",
                "let it answer; a server that hangs is alive");
    }

    private static List<String> ask(ServerAddress address, ProcessFacts process)
            throws CannotLookException {
        try (Server server = Server.connect(address);
                Server second = Server.connect(address)) {
            String own = second.requireValue("SELECT CONNECTION_ID()");
            boolean seesOthers =
                    server.rows("SHOW PROCESSLIST").stream()
                            .anyMatch(row -> row.find("Id").orElse("").equals(own));
            if (!seesOthers) {
                throw new CannotLookException(
                        "the account does not see other sessions, not even its own second one",
                        "grant it PROCESS and SELECT on *.*");
            }
            var says = new ArrayList<String>();
            says.add(
                    process.label()
                            + " says: data directory "
                            + server.requireValue("SELECT @@datadir"));
            int tables = Schemas.tables(server).size();
            ReplicationStatus replication = ReplicationStatus.read(server);
            says.add(
                    "%d user tables, %s sessions, %d replicas attached, %d sources followed"
                            .formatted(
                                    tables,
                                    server.rows("SHOW PROCESSLIST").size() - 2,
                                    replication.replicas().size(),
                                    replication.sources().size()));
            return says;
        }
    }

    /// Its control is the kernel's: that the process behind a socket is named, tried on a socket of
    /// its own; that the account sees its second session is proved before anything it says counts.
    @Override
    public List<String> controls(World world) throws CannotLookException {
        Path socket = world.decoys().liveSocket();
        if (pidBehind(socket).orElse(-1) != ProcessHandle.current().pid()) {
            throw failed("did not find the process behind its own socket");
        }
        if (pidBehind(socket.resolveSibling("nobody.sock")).isPresent()) {
            throw failed("found a process behind no socket");
        }
        return List.of(
                "named the process behind a prepared socket",
                "found nobody behind a socket that is not there");
    }

    @Override
    public String lookedAt(World world) {
        return "nobody at "
                + world.request()
                        .view()
                        .server()
                        .flatMap(ServerAddress::socket)
                        .map(Path::toString)
                        .orElse("?")
                + " has data here";
    }
}
