package io.backstay.cli.faults;

import io.backstay.cli.drill.ScriptClient;
import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.ProcessIdentity;
import io.backstay.lab.LabServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the drills happen: one folder, real servers that are started when a drill needs them, and
/// all that must be undone behind each drill.
final class DrillGround implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(60);

    private final Path folder;
    private final DrillServers servers;
    private final Path client;
    private final Program program;
    private final Deque<AutoCloseable> undo = new ArrayDeque<>();
    private final Map<String, String> given = new HashMap<>();
    private Optional<DrillCluster> cluster = Optional.empty();
    private int generation;
    private boolean isClosed;
    private Path target;
    private Path state;

    /// @param folder new, of the drills alone
    /// @param home where fetched servers are
    DrillGround(Path folder, Path home, Program program) {
        this.folder = Disk.folder(folder);
        this.program = program;
        this.servers = new DrillServers(this.folder, home);
        this.client = ScriptClient.prepare(servers.binaries(), folder.resolve("client"));
        this.target = folder;
        this.state = folder;
    }

    /// A fresh, empty target for the next drill, and a state folder of the guard's.
    void begin() {
        target = fresh("target");
        state = fresh("s"); // short: the guard plants sockets in it
        given.clear();
        Disk.deleteTree(work("."));
        given("OPTION_FILE", optionFile(servers.accounts().rootPassword()));
    }

    Path folder() {
        return folder;
    }

    /// The servers' command line client.
    Path client() {
        return client;
    }

    DrillServers servers() {
        return servers;
    }

    void cluster(DrillCluster made) {
        cluster = Optional.of(made);
    }

    /// The cluster that this drill has made.
    DrillCluster cluster() {
        return cluster.orElseThrow();
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
        return Disk.folder(folder.resolve(name + generation));
    }

    /// A scratch file for the script.
    Path work(String name) {
        return Disk.folder(folder.resolve("work")).resolve(name).normalize();
    }

    void note(String name, String text) {
        Disk.writeAtomically(work(name), text);
    }

    /// What the script finds in its environment.
    void given(String name, Object value) {
        given.put(name, value.toString());
    }

    /// A client's options with this password.
    Path optionFile(String password) {
        Path file = work("client-" + password.hashCode() + ".cnf");
        Disk.writeAtomically(file, "[client]\nuser=root\npassword=" + password + "\n");
        return file;
    }

    /// The live server, started if need be; it is the target then.
    LabServer liveServer() {
        LabServer server = servers.live();
        target = server.settings().dataDir();
        givenServer(server);
        return server;
    }

    void givenServer(LabServer server) {
        given("SOCKET", server.settings().socket());
        given("ADDRESS", server.settings().address());
        given("PORT", server.settings().port());
        given("RUN_DIR", server.settings().runDir());
    }

    void stopServer() {
        liveServer().stop(STOP_DEADLINE);
    }

    void freeze(LabServer server) {
        ProcessIdentity process = server.identity();
        process.signal(ProcessIdentity.Signal.STOP);
        later(() -> process.signal(ProcessIdentity.Signal.CONTINUE));
    }

    /// An application's session, until the drill ends.
    Connection appSession(LabServer server) throws java.sql.SQLException {
        Connection session = server.connectAs(io.backstay.lab.Accounts.APP);
        later(session);
        return session;
    }

    /// Something to undo when the drill has ended, whatever became of it.
    void later(AutoCloseable step) {
        undo.push(step);
    }

    /// Runs a program of the system that the situation needs.
    void system(String... words) throws FaultDrill.CannotMakeException {
        Commands.Result result = Commands.run(List.of(words), null, DEADLINE);
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

    NaiveScript.Answer naive(NaiveScript script) {
        var environment = new HashMap<String, String>();
        environment.put("MYSQL", client.toString());
        environment.put("DATA_DIR", target.toString());
        environment.put("STATE", state.toString());
        environment.put("WORK", work(".").toString());
        environment.putAll(given);
        return script.run(fresh("script"), environment);
    }

    /// Undoes what the drill did, last thing first, all of it whatever fails.
    ///
    /// @return what could not be undone, a sentence each
    List<String> end() {
        var failed = new ArrayList<String>();
        while (!undo.isEmpty()) {
            try {
                undo.pop().close();
            } catch (Exception e) {
                failed.add(String.valueOf(e.getMessage()));
            }
        }
        return failed;
    }

    /// Undoes everything, ends the servers and removes the folder, as far as nothing is mounted
    /// below it. Once; from a shutdown hook too.
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        end();
        try {
            servers.close();
        } finally {
            removeFolder();
        }
    }

    /// At an interrupt the drill may still be writing for a moment.
    private void removeFolder() {
        long until = System.nanoTime() + DEADLINE.toNanos();
        while (LeftBehind.mounts(folder).isEmpty()) {
            try {
                Disk.deleteTree(folder);
                return;
            } catch (UncheckedIOException e) {
                if (System.nanoTime() > until) {
                    throw e;
                }
            }
        }
    }
}
