package io.backstay.lab;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.ProcessIdentity;
import io.backstay.lab.internal.Bootstrap;
import io.backstay.lab.internal.LogTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One real MariaDB server on this machine, on a loopback address of its own.
///
/// - Known to the [RunFile] from before its start until it is gone.
/// - In a session of its own: Ctrl-C in a terminal reaches this JVM only, which then stops servers
///   in its own order.
/// - Never started on a data directory that a newer server has opened.
///
/// ```
/// (nothing) ──initialise──► stopped ──start──► running ──stop, kill──► stopped
/// ```
///
/// Not safe for use by several threads, except [#connect].
public final class LabServer {
    /// `sun_path` of unix(7) without its terminating zero.
    private static final int SOCKET_PATH_BYTES_MAX = 107;

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    private final ServerSettings settings;
    private final RunFile runFile;
    private @Nullable ProcessIdentity identity;

    public LabServer(ServerSettings settings, RunFile runFile) {
        this.settings = settings;
        this.runFile = runFile;
        int length = settings.socket().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > SOCKET_PATH_BYTES_MAX) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "socket path too long: expected at most %d bytes, found %d: %s"
                            .formatted(SOCKET_PATH_BYTES_MAX, length, settings.socket()),
                    "Choose a folder with a shorter path.");
        }
    }

    /// A server that a former run left running; empty if none runs on this data directory.
    public static Optional<LabServer> adopt(ServerSettings settings, RunFile runFile) {
        return runFile.find(settings.dataDir())
                .flatMap(
                        found -> {
                            LabServer server = new LabServer(settings, runFile);
                            runFile.started(
                                    settings.dataDir(), settings.binaries().mariadbd(), found);
                            server.identity = found;
                            // it may be on its way up, or down
                            Await.until(
                                    START_DEADLINE,
                                    POLL,
                                    () -> !server.isRunning() || server.answers(new String[1]));
                            return server.isRunning() ? Optional.of(server) : Optional.empty();
                        });
    }

    /// The newest version that ever opened a data directory; empty where nothing tells.
    public static Optional<ServerVersion> versionOfDataDir(Path dataDir) {
        return OpenedBy.find(dataDir);
    }

    /// Fills the data directory, which is missing or empty, with system tables and accounts.
    public LabServer initialise() {
        Disk.folder(settings.runDir());
        Disk.folder(settings.dataDir());
        if (!OpenedBy.isEmpty(settings.dataDir())) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot initialise %s: expected an empty directory, found files in it"
                            .formatted(settings.dataDir()),
                    "Choose an empty directory.");
        }
        OpenedBy.write(settings.dataDir(), settings.binaries().version());
        Bootstrap.run(
                settings.bootstrapCommand(),
                settings.binaries().share(),
                accountStatements(settings.accounts()),
                settings.runDir().resolve("bootstrap.log"));
        return this;
    }

    /// Starts it and returns when it answers a query of `root`.
    public LabServer start() {
        if (isRunning()) {
            throw new IllegalStateException("already running: " + settings.endpoint());
        }
        Disk.folder(settings.runDir());
        requireFreeAddress();
        OpenedBy.noteStart(settings.dataDir(), settings.binaries().version());
        long logFrom = sizeOf(settings.log());
        spawn();
        awaitAnswer(logFrom);
        return this;
    }

    /// Clean shutdown; killed when it is not gone at the deadline.
    ///
    /// @return false if it had to be killed
    public boolean stop(Duration deadline) {
        ProcessIdentity process = requireRunning();
        process.signal(ProcessIdentity.Signal.TERM);
        boolean isClean = Await.until(deadline, POLL, () -> !process.isAlive());
        if (!isClean) {
            kill();
        }
        runFile.ended(settings.dataDir());
        identity = null;
        return isClean;
    }

    /// SIGKILL, as a crash; returns when it is gone.
    public void kill() {
        ProcessIdentity process = requireRunning();
        process.signal(ProcessIdentity.Signal.KILL);
        if (!Await.until(Duration.ofSeconds(30), POLL, () -> !process.isAlive())) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "server process %d is still there 30 s after SIGKILL".formatted(process.pid()),
                    "See what it waits for: cat /proc/%d/stack".formatted(process.pid()));
        }
        runFile.ended(settings.dataDir());
        identity = null;
    }

    public boolean isRunning() {
        return identity != null && identity.isAlive();
    }

    /// The running process.
    public ProcessIdentity identity() {
        return requireRunning();
    }

    public ServerSettings settings() {
        return settings;
    }

    /// A session of `root`, by TCP.
    public Connection connect() throws SQLException {
        return connectAs(Accounts.ROOT);
    }

    /// A session of one of the [Accounts], by TCP.
    public Connection connectAs(String user) throws SQLException {
        return Sessions.open(
                settings.address(), settings.port(), user, settings.accounts().passwordOf(user));
    }

    private void spawn() {
        Path program = settings.binaries().mariadbd();
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(settings.command());
        runFile.willStart(settings.dataDir(), program);
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(settings.runDir().toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(settings.log().toFile()))
                            .start();
            // setsid(1) becomes the server: same pid, same start time
            identity = ProcessIdentity.of(process.pid()).orElse(null);
            if (identity != null) {
                runFile.started(settings.dataDir(), program, identity);
            }
        } catch (IOException e) {
            runFile.ended(settings.dataDir());
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot start a server: " + e.getMessage(),
                    "The program setsid belongs to the package util-linux.",
                    e);
        }
    }

    private void awaitAnswer(long logFrom) {
        String[] lastError = {"no answer"};
        boolean answers =
                Await.until(START_DEADLINE, POLL, () -> !isRunning() || answers(lastError));
        if (answers && isRunning()) {
            return;
        }
        boolean wasAlive = isRunning();
        if (wasAlive) {
            kill();
        } else {
            runFile.ended(settings.dataDir());
            identity = null;
        }
        throw new Problem(
                ErrorCode.ENVIRONMENT,
                "MariaDB %s did not start at %s on %s: %s\n%s"
                        .formatted(
                                settings.binaries().version(),
                                settings.endpoint(),
                                settings.dataDir(),
                                wasAlive
                                        ? "no answer within "
                                                + START_DEADLINE.toSeconds()
                                                + " s, last: "
                                                + lastError[0]
                                        : "it ended by itself",
                                LogTail.of(settings.log(), logFrom)),
                "The whole log: " + settings.log());
    }

    private boolean answers(String[] lastError) {
        try (Connection connection = connect()) {
            return connection.isValid(5);
        } catch (SQLException e) {
            lastError[0] = String.valueOf(e.getMessage());
            return false;
        }
    }

    private void requireFreeAddress() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(
                    new InetSocketAddress(
                            InetAddress.getByName(settings.address()), settings.port()));
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot start a server at %s: %s"
                            .formatted(settings.endpoint(), e.getMessage()),
                    "See who listens there: ss -ltnp 'sport = :%d'".formatted(settings.port()),
                    e);
        }
    }

    private ProcessIdentity requireRunning() {
        if (identity == null) {
            throw new IllegalStateException("not running: " + settings.endpoint());
        }
        return identity;
    }

    private static long sizeOf(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String accountStatements(Accounts accounts) {
        return """
                delete from mysql.proxies_priv;
                delete from mysql.global_priv where user = 'root' and host <> 'localhost';
                flush privileges;
                create user root@'127.%%' identified by '%s';
                grant all privileges on *.* to root@'127.%%' with grant option;
                create user app@'127.%%' identified by '%s';
                grant select, insert, update, delete on shop.* to app@'127.%%';
                create user repl@'127.%%' identified by '%s';
                grant replication slave, replication slave admin, binlog monitor on *.* to repl@'127.%%';
                """
                .formatted(
                        accounts.rootPassword(), accounts.appPassword(), accounts.replPassword());
    }
}
