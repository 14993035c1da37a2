package io.backstay.cli.faults;

import io.backstay.cli.drill.ScriptClient;
import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.ProcessIdentity;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// Where the drills happen: one folder, one real server that is started when a drill needs it, and
/// all that must be undone behind each drill.
final class DrillGround implements AutoCloseable {
    private static final Duration SCRIPT_DEADLINE = Duration.ofSeconds(12);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(60);
    private static final String ADDRESS = "127.77.240.1";

    private final Path folder;
    private final Path home;
    private final Program program;
    private final RunFile runFile;
    private final Accounts accounts = Accounts.random();
    private final Deque<AutoCloseable> undo = new ArrayDeque<>();
    private java.util.Optional<LabServer> server = java.util.Optional.empty();
    private int generation;
    private Path target;
    private Path state;

    /// @param folder new, of the drills alone
    /// @param home where fetched servers are
    DrillGround(Path folder, Path home, Program program) {
        this.folder = Disk.folder(folder);
        this.home = home;
        this.program = program;
        this.runFile = RunFile.open(folder.resolve("run.json"));
        this.target = folder;
        this.state = folder;
    }

    /// A fresh, empty target for the next drill, and a state folder of the guard's.
    void begin() {
        target = fresh("target");
        state = fresh("state");
    }

    Path target() {
        return target;
    }

    void target(Path other) {
        target = other;
    }

    Path state() {
        return state;
    }

    void state(Path other) {
        state = other;
    }

    Path fresh(String name) {
        generation++;
        return Disk.folder(folder.resolve(name + "-" + generation));
    }

    /// A scratch file for the script.
    Path work(String name) {
        return Disk.folder(folder.resolve("work")).resolve(name);
    }

    /// The live server, started if need be; it is the target then.
    LabServer liveServer() {
        if (server.isEmpty()) {
            Path root = fresh("server");
            var fresh =
                    new LabServer(
                            ServerSettings.of(
                                    ServerBinaries.require("10.11.5", home),
                                    root.resolve("data"),
                                    root.resolve("run"),
                                    ADDRESS,
                                    7724,
                                    accounts),
                            runFile);
            server = java.util.Optional.of(fresh.initialise().start());
            fill(fresh);
        } else if (!server.get().isRunning()) {
            server.get().start();
        }
        target = server.get().settings().dataDir();
        return server.get();
    }

    private static void fill(LabServer fresh) {
        try (var session = fresh.connect();
                var statement = session.createStatement()) {
            statement.execute("CREATE DATABASE shop");
            statement.execute("CREATE TABLE shop.orders (id INT PRIMARY KEY)");
            statement.execute("INSERT INTO shop.orders VALUES (1), (2), (3)");
            statement.execute("CREATE USER looker@localhost IDENTIFIED BY ''");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException("the drill's own server does not answer", e);
        }
    }

    /// The next drill gets another server.
    void discardServer() {
        server.filter(LabServer::isRunning).ifPresent(LabServer::kill);
        server = java.util.Optional.empty();
    }

    void stopServer() {
        liveServer().stop(STOP_DEADLINE);
    }

    void freezeServer() {
        ProcessIdentity process = liveServer().identity();
        process.signal(ProcessIdentity.Signal.STOP);
        later(() -> process.signal(ProcessIdentity.Signal.CONTINUE));
    }

    /// Something to undo when the drill has ended, whatever became of it.
    void later(AutoCloseable step) {
        undo.push(step);
    }

    /// Runs a program of the system that the situation needs.
    void system(String... words) throws FaultDrill.CannotMakeException {
        Commands.Result result = Commands.run(List.of(words), null, SCRIPT_DEADLINE);
        if (result.timedOut() || result.exit() != 0) {
            throw new FaultDrill.CannotMakeException(
                    "%s: %s"
                            .formatted(
                                    words[0], result.err().lines().findFirst().orElse("failed")));
        }
    }

    void mount(Path at, String... words) throws FaultDrill.CannotMakeException {
        var command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(words));
        command.add(at.toString());
        system(command.toArray(String[]::new));
        later(() -> system("umount", "-l", at.toString()));
    }

    /// A process that waits in a folder.
    Process holder(Path workingFolder) throws IOException {
        Process process =
                new ProcessBuilder("sh", "-c", "echo; read _")
                        .directory(workingFolder.toFile())
                        .start();
        later(() -> process.destroyForcibly().waitFor());
        if (process.getInputStream().read() != '\n') {
            throw new IOException("the holder did not start");
        }
        return process;
    }

    Program.Answer program(String... words) {
        return program.run(words);
    }

    /// The script's own exit code; empty if it hung.
    Commands.Result naive(String id) {
        Path script = work(id + ".sh");
        copyOut(id + ".sh", script);
        var command = new ArrayList<>(List.of("env"));
        environment().forEach((name, value) -> command.add(name + "=" + value));
        command.add(script.toString());
        return Commands.run(command, work("."), SCRIPT_DEADLINE);
    }

    private Map<String, String> environment() {
        ServerBinaries binaries = ServerBinaries.require("10.11.5", home);
        Path options = work("client.cnf");
        Disk.writeAtomically(
                options, "[client]\nuser=root\npassword=" + accounts.rootPassword() + "\n");
        return Map.of(
                "DATA_DIR", target.toString(),
                "STATE", state.toString(),
                "WORK", work(".").normalize().toString(),
                "MYSQL", ScriptClient.prepare(binaries, folder.resolve("client")).toString(),
                "OPTION_FILE", options.toString(),
                "ADDRESS", ADDRESS,
                "PORT", "3306",
                "SOCKET", socket().toString());
    }

    Path socket() {
        return server.map(s -> s.settings().socket()).orElse(folder.resolve("no.sock"));
    }

    private static void copyOut(String name, Path to) {
        try (InputStream stream = DrillGround.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("not in this program: " + name);
            }
            Disk.writeAtomically(to, stream.readAllBytes());
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Undoes what the drill did, last thing first.
    void end() {
        while (!undo.isEmpty()) {
            try {
                undo.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a drill could not be undone", e);
            }
        }
    }

    @Override
    public void close() {
        end();
        discardServer();
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }
}
