package io.backstay.lab;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.ProcessIdentity;
import io.backstay.lab.internal.LogTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A server on a copy of a data directory that another server filled.
///
/// - It listens on a socket only, writes no binary log unless an option says so, follows nobody and
///   runs no events.
/// - One account is made for this start, with a random name and password; whoever keeps the
///   directory drops it before the end.
/// - Known to the [RunFile] from before its start until it is gone.
public final class CopyServer implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofMinutes(10);
    private static final Duration STOP_DEADLINE = Duration.ofMinutes(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String READY = "ready for connections";

    private final Path dataDir;
    private final Path runDir;
    private final String account;
    private final RunFile runFile;
    private final ProcessIdentity identity;

    private CopyServer(
            Path dataDir, Path runDir, String account, RunFile runFile, ProcessIdentity identity) {
        this.dataDir = dataDir;
        this.runDir = runDir;
        this.account = account;
        this.runFile = runFile;
        this.identity = identity;
    }

    /// Starts it, and returns when it is ready. Errors: the end of its log.
    ///
    /// @param runDir for socket, log and password; emptied first, owner only
    public static CopyServer start(
            CopyProgram program, Path dataDir, Path runDir, List<String> options, RunFile runFile) {
        Path data = dataDir.toAbsolutePath().normalize();
        Path run = runDir.toAbsolutePath().normalize();
        Disk.deleteTree(run);
        Disk.folder(run);
        String account = "backstay-" + random(4);
        String password = "aA1-" + random(16);
        Disk.writeAtomically(run.resolve("password"), password + "\n");
        Disk.writeAtomically(
                run.resolve("init.sql"),
                """
                SET sql_log_bin = 0;
                CREATE USER '%1$s'@'localhost' IDENTIFIED BY '%2$s';
                GRANT ALL PRIVILEGES ON *.* TO '%1$s'@'localhost' WITH GRANT OPTION;
                """
                        .formatted(account, password));
        runFile.willStart(data, program.program());
        ProcessIdentity identity = spawn(program, data, run, options, runFile);
        runFile.started(data, program.program(), identity);
        var server = new CopyServer(data, run, account, runFile, identity);
        server.awaitReady(program);
        return server;
    }

    private static ProcessIdentity spawn(
            CopyProgram program, Path data, Path run, List<String> options, RunFile runFile) {
        var command = new ArrayList<String>(List.of("setsid", program.program().toString()));
        command.add("--no-defaults");
        if (System.getProperty("user.name", "").equals("root")) {
            command.add("--user=root");
        }
        command.addAll(program.options());
        command.addAll(
                List.of(
                        "--datadir=" + data,
                        "--tmpdir=" + run,
                        "--socket=" + run.resolve("mariadbd.sock"),
                        "--pid-file=" + run.resolve("mariadbd.pid"),
                        "--init-file=" + run.resolve("init.sql"),
                        "--skip-networking",
                        "--skip-slave-start",
                        "--event-scheduler=OFF",
                        "--performance-schema=0",
                        "--innodb-buffer-pool-size=256M",
                        "--innodb-buffer-pool-load-at-startup=0",
                        "--innodb-buffer-pool-dump-at-shutdown=0",
                        "--innodb-flush-log-at-trx-commit=2",
                        "--local-infile=1",
                        "--character-set-server=utf8mb4"));
        command.addAll(options);
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(run.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectErrorStream(true)
                            .redirectOutput(run.resolve("mariadbd.log").toFile())
                            .start();
            return ProcessIdentity.of(process.pid())
                    .orElseThrow(() -> ended(program, data, run, runFile));
        } catch (IOException e) {
            runFile.ended(data);
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot start a server: " + e.getMessage(),
                    "The program setsid belongs to the package util-linux.",
                    e);
        }
    }

    private void awaitReady(CopyProgram program) {
        boolean isDecided =
                Await.until(
                        START_DEADLINE, POLL, () -> !identity.isAlive() || log().contains(READY));
        if (isDecided && identity.isAlive()) {
            return;
        }
        Problem problem = ended(program, dataDir, runDir, runFile);
        close();
        throw problem;
    }

    private static Problem ended(CopyProgram program, Path data, Path run, RunFile runFile) {
        runFile.ended(data);
        Path log = run.resolve("mariadbd.log");
        return new Problem(
                ErrorCode.ENVIRONMENT,
                "MariaDB %s (%s) does not start on the copied data directory:\n%s"
                        .formatted(
                                program.version(),
                                program.program(),
                                Files.exists(log) ? LogTail.of(log, 0) : "  no word of it"),
                "if it lacks a plugin or a key, or the copy is damaged, that is said above: take `backstay backup"
                        + " --server URL` of the running server.");
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    public Path socket() {
        return runDir.resolve("mariadbd.sock");
    }

    /// The account that was made for this start, at `localhost`.
    public String account() {
        return account;
    }

    /// The file whose first line is that account's password.
    public Path passwordFile() {
        return runDir.resolve("password");
    }

    /// All that it has said.
    public String log() {
        return Disk.readText(runDir.resolve("mariadbd.log"));
    }

    /// Clean shutdown. Errors: it is not gone at the deadline, or did not say that it was complete.
    public void stop() {
        identity.signal(ProcessIdentity.Signal.TERM);
        boolean isGone = Await.until(STOP_DEADLINE, POLL, () -> !identity.isAlive());
        if (!isGone || !log().contains("Shutdown complete")) {
            close();
            throw new Problem(
                    ErrorCode.FAILED,
                    "the server on %s did not shut down cleanly:\n%s"
                            .formatted(dataDir, LogTail.of(runDir.resolve("mariadbd.log"), 0)),
                    "its files are not to be used: make them anew.");
        }
        runFile.ended(dataDir);
    }

    /// Kills it if it runs.
    @Override
    public void close() {
        if (identity.isAlive()) {
            identity.signal(ProcessIdentity.Signal.KILL);
            Await.until(Duration.ofSeconds(30), POLL, () -> !identity.isAlive());
        }
        runFile.ended(dataDir);
    }
}
