package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Commands;
import io.backstay.doors.ProcessIdentity;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A live server in situations that fool the usual checks, each of them asked, and the guard asked
/// in the same place. Runs as root.
///
/// `-Dbackstay.tools.table=FILE` writes the table into that document: `make tool-table`.
class ToolTableIT {
    private static final List<String> HERE = List.of();
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ToolTable table = new ToolTable();
    private GuardLab lab;
    private LabServer server;
    private Connection client;
    private long pid;

    @BeforeEach
    void open() throws Exception {
        lab = new GuardLab(11);
        server = lab.started(1);
        pid = server.identity().pid();
        try (Connection root = server.connect();
                Statement statement = root.createStatement()) {
            statement.execute("CREATE DATABASE shop");
            statement.execute("CREATE USER poor@'127.%' IDENTIFIED BY 'poorpoor'");
        }
        client = server.connectAs(Accounts.APP);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        lab.close();
    }

    @Test
    void theGuardRefusesWhereTheUsualChecksSayIdle() throws Exception {
        Map<String, String> plain = live("a server with a client, nothing hidden", HERE);
        assertThat(plain)
                .as("the checks see a plain server, or their idle proves nothing")
                .containsEntry("SHOW PROCESSLIST", "active");
        assertThat(plain.values()).contains("active").doesNotContain("hangs");
        live("looked at from another network namespace", List.of("unshare", "-n"));
        live(
                "looked at from another PID namespace (a container)",
                List.of("unshare", "--pid", "--fork", "--mount-proc"));
        live(
                "looked at as root without capabilities",
                List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        row("an account without rights", "poor", "poorpoor", HERE);
        row("an account with a wrong password", Accounts.ROOT, "wrongwrong", HERE);
        stopped();
        withoutItsPlace();
        overmounted();
        byItsLoader();
        withoutFiles();
        atRest();
        empty();
        System.out.println(table.text());
        String document = System.getProperty("backstay.tools.table", "");
        if (!document.isEmpty()) {
            table.write(Path.of(document));
        }
    }

    private Map<String, String> live(String situation, List<String> before) throws Exception {
        return row(situation, Accounts.ROOT, lab.accounts.rootPassword(), before);
    }

    private Map<String, String> row(
            String situation, String user, String password, List<String> before) throws Exception {
        Map<String, String> tools = new UsualChecks(server, pid, before, user, password).ask();
        String guard = guard(before);
        assertThat(guard).as(situation).startsWith("refused");
        table.add(situation, tools, guard);
        return tools;
    }

    /// Live findings if there are any, else blind ones.
    private String guard(List<String> before) throws Exception {
        List<String> said = before.isEmpty() ? askedHere() : askedThere(before);
        if (said.getLast().equals("CLEARED")) {
            return "cleared";
        }
        for (String kind : List.of("live", "blind")) {
            List<String> probes =
                    said.stream()
                            .filter(line -> line.startsWith(kind + " "))
                            .map(line -> line.split(" ")[1])
                            .toList();
            if (!probes.isEmpty()) {
                return "refused: " + kind + " " + String.join(", ", probes);
            }
        }
        throw new AssertionError("a refusal without a reason: " + said);
    }

    private List<String> askedHere() {
        Path data = server.settings().dataDir();
        return ChildLook.said(lab.wipe(data, HostView.unconfigured(lab.folder.resolve("state"))));
    }

    private List<String> askedThere(List<String> before) throws Exception {
        var command = new ArrayList<>(before);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildLook.class.getName(),
                        server.settings().dataDir().toString(),
                        lab.folder.resolve("state").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        assertThat(process.waitFor()).as(said.toString()).isZero();
        return said;
    }

    private void stopped() throws Exception {
        ProcessIdentity process = server.identity();
        process.signal(ProcessIdentity.Signal.STOP);
        try {
            live("a server that hangs (SIGSTOP)", HERE);
        } finally {
            process.signal(ProcessIdentity.Signal.CONTINUE);
        }
    }

    /// The folder was moved, and the script looks at what has its name now.
    private void withoutItsPlace() throws Exception {
        Path data = server.settings().dataDir();
        Path aside = data.resolveSibling("aside");
        Files.move(data, aside);
        Files.createDirectory(data);
        try {
            live("its folder was moved, another has the name", HERE);
        } finally {
            Files.delete(data);
            Files.move(aside, data);
        }
    }

    private void overmounted() throws Exception {
        String data = server.settings().dataDir().toString();
        run("mount", "-t", "tmpfs", "none", data);
        try {
            live("another file system over its folder", HERE);
        } finally {
            run("umount", data);
        }
    }

    /// The same server, started through the loader: its process has the loader's name.
    private void byItsLoader() throws Exception {
        Path loader = Path.of("/lib64/ld-linux-x86-64.so.2");
        assertThat(loader).as("needed for a process of another name").exists();
        String[] words =
                Files.readString(
                                Path.of("/proc/" + server.identity().pid() + "/cmdline"),
                                StandardCharsets.ISO_8859_1)
                        .split("\0");
        client.close();
        server.stop(SOON);
        var command = new ArrayList<>(List.of(loader.toString()));
        command.addAll(List.of(words));
        Process process =
                lab.start(
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(
                                        ProcessBuilder.Redirect.appendTo(
                                                server.settings().log().toFile())));
        GuardLab.await("the server answers", () -> answers(process));
        client = server.connectAs(Accounts.APP);
        pid = process.pid();
        live("a server that was started through the loader", HERE);
        client.close();
        process.destroy();
        process.onExit().join();
        server.start();
        pid = server.identity().pid();
        client = server.connectAs(Accounts.APP);
    }

    private boolean answers(Process process) {
        try (Connection session = server.connect()) {
            return session.isValid(5);
        } catch (java.sql.SQLException e) {
            if (!process.isAlive()) {
                throw new AssertionError("it does not start through the loader", e);
            }
            return false;
        }
    }

    private void withoutFiles() throws Exception {
        try (var files = Files.walk(server.settings().dataDir())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.deleteIfExists(file);
            }
        }
        live("its files deleted under it", HERE);
    }

    /// Stopped is not empty.
    private void atRest() throws Exception {
        client.close();
        server.kill();
        pid = 0;
        server = lab.server(2);
        server.initialise();
        server.start();
        server.stop(SOON);
        row("a server that is stopped, its data there", Accounts.ROOT, "x", HERE);
    }

    private void empty() throws Exception {
        server = lab.server(3);
        Map<String, String> tools =
                new UsualChecks(server, 0, HERE, Accounts.ROOT, lab.accounts.rootPassword()).ask();
        lab.data(3);
        String guard = guard(HERE);
        assertThat(guard).isEqualTo("cleared");
        table.add("an empty folder, no server", tools, guard);
    }

    private static void run(String... command) throws IOException {
        Commands.Result result = Commands.run(List.of(command), null, SOON);
        if (result.exit() != 0) {
            throw new IOException(List.of(command) + ": " + result.err());
        }
    }
}
