package io.backstay.cli.faults;

import static io.backstay.cli.faults.GuardQuestions.refuses;
import static io.backstay.cli.faults.GuardQuestions.requireRefused;
import static io.backstay.cli.faults.LogicFaults.live;

import io.backstay.cli.faults.FaultDrill.CannotMakeException;
import io.backstay.cli.faults.FaultDrill.Expected;
import io.backstay.cli.faults.FaultDrill.Question;
import io.backstay.cli.faults.FaultDrill.Situation;
import io.backstay.lab.LabServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Faults of blind sensors and of what data looks like. Those that spend the server come last.
final class SensorFaults {
    private SensorFaults() {}

    private static final Question REFUSES = refuses("live lock", "live open-files");

    static List<FaultDrill> all() {
        return Stream.concat(ofRights().stream(), ofThings().stream()).toList();
    }

    private static Situation liveGiven(String name, String value) {
        return ground -> {
            ground.liveServer();
            ground.given(name, value);
        };
    }

    private static Situation given(String name, String value) {
        return ground -> ground.given(name, value);
    }

    private static List<FaultDrill> ofRights() {
        return List.of(
                new FaultDrill(
                        "D-50",
                        "permission denied read as nothing",
                        Expected.because("denied"),
                        liveGiven("AS", ""),
                        given("AS", "setpriv --reuid 65534 --regid 65534 --clear-groups"),
                        asked("setpriv", "--bounding-set=-all", "--inh-caps=-all")),
                new FaultDrill(
                        "D-51",
                        "looked at from a container",
                        Expected.IDLE,
                        liveGiven("FROM", ""),
                        given("FROM", "unshare --pid --fork --mount-proc --net"),
                        asked("unshare", "--pid", "--fork", "--mount-proc", "--net")),
                live(
                        "D-52",
                        "the process has another name",
                        Expected.IDLE,
                        SensorFaults::byItsLoader,
                        REFUSES),
                live(
                        "D-53",
                        "the socket file is gone",
                        Expected.because("2002"),
                        SensorFaults::withoutSocket,
                        REFUSES),
                live(
                        "D-54",
                        "a server that hangs",
                        Expected.because("2013"),
                        ground -> ground.freeze(ground.liveServer()),
                        REFUSES),
                new FaultDrill(
                        "D-58",
                        "an account without rights",
                        Expected.IDLE,
                        liveGiven("ACCOUNT", "root"),
                        given("ACCOUNT", "looker"),
                        REFUSES),
                new FaultDrill(
                        "D-61",
                        "the tool that looks is missing",
                        Expected.because("not found"),
                        liveGiven("SEARCH", "/usr/local/bin:/usr/bin:/bin"),
                        given("SEARCH", "/nonexistent"),
                        asked("env", "PATH=/nonexistent")),
                new FaultDrill(
                        "D-62",
                        "the monitoring is dead",
                        Expected.IDLE,
                        ground -> {
                            ground.appSession(ground.liveServer());
                            monitor(ground);
                        },
                        ground -> {
                            ground.end();
                            monitor(ground); // its last look
                            ground.appSession(ground.liveServer());
                        },
                        REFUSES),
                live(
                        "D-71",
                        "no GTID, nothing unique",
                        Expected.IDLE,
                        SensorFaults::writtenUnlogged,
                        REFUSES));
    }

    private static List<FaultDrill> ofThings() {
        return List.of(
                live(
                        "D-59",
                        "a list that was cut",
                        Expected.IDLE,
                        SensorFaults::manyFiles,
                        refuses("live data-at-rest", "live lock")),
                live(
                        "D-60",
                        "a full disk",
                        Expected.IDLE,
                        SensorFaults::fullDisk,
                        refuses("blind target")),
                live(
                        "D-56",
                        "another file system over the data",
                        Expected.IDLE,
                        ground -> {
                            ground.stopServer();
                            ground.mount(ground.target(), "-t", "tmpfs", "none");
                        },
                        refuses("live data-at-rest")),
                live(
                        "D-77",
                        "crashed with a prepared transaction",
                        Expected.IDLE,
                        SensorFaults::crashed,
                        refuses("live data-at-rest")),
                live(
                        "D-57",
                        "files deleted under the server",
                        Expected.IDLE,
                        SensorFaults::deletedUnder,
                        refuses("live open-files", "live processes")));
    }

    /// A monitoring agent's look: how many sessions the application has.
    private static void monitor(DrillGround ground) throws Exception {
        try (var session = ground.liveServer().connect();
                var statement = session.createStatement()) {
            long until = System.nanoTime() + 10_000_000_000L;
            boolean isLast = Files.exists(ground.work("monitor"));
            String seen;
            do {
                // a session that was closed is gone a moment later
                try (var row =
                        statement.executeQuery(
                                "SELECT COUNT(*) FROM information_schema.processlist WHERE user ="
                                        + " 'app'")) {
                    row.next();
                    seen = row.getString(1);
                }
            } while (isLast && !seen.equals("0") && System.nanoTime() < until);
            ground.note("monitor", "sessions=" + seen + "\n");
        }
    }

    /// The same server, started through the loader: its process has the loader's name.
    private static void byItsLoader(DrillGround ground) throws Exception {
        LabServer server = ground.liveServer();
        Path loader = Path.of("/lib64/ld-linux-x86-64.so.2");
        if (Files.notExists(loader)) {
            throw new CannotMakeException("no " + loader);
        }
        String[] words =
                Files.readString(
                                Path.of("/proc/" + server.identity().pid() + "/cmdline"),
                                java.nio.charset.StandardCharsets.ISO_8859_1)
                        .split("\0");
        ground.stopServer();
        var command = new java.util.ArrayList<>(List.of(loader.toString()));
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command)
                        .directory(server.settings().runDir().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(server.settings().log().toFile()))
                        .start();
        ground.later(() -> process.destroyForcibly().waitFor());
        long until = System.nanoTime() + 60_000_000_000L;
        while (!answers(server)) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new CannotMakeException("the server does not start through " + loader);
            }
            Thread.sleep(50);
        }
    }

    private static boolean answers(LabServer server) {
        try (var session = server.connect()) {
            return session.isValid(5);
        } catch (java.sql.SQLException e) {
            return false;
        }
    }

    /// The same question, asked by a guard that runs there or without that.
    private static Question asked(String... by) {
        return ground ->
                REFUSES.ask(ground)
                        + "; asked there: "
                        + requireRefused(
                                GuardProcess.check(ground, List.of(by)), List.of("live lock"));
    }

    private static void withoutSocket(DrillGround ground) throws IOException {
        LabServer server = ground.liveServer();
        Path aside = ground.work("socket");
        Files.move(server.settings().socket(), aside);
        ground.later(() -> Files.move(aside, server.settings().socket()));
    }

    private static void manyFiles(DrillGround ground) throws IOException {
        Path folder = ground.target();
        ground.later(
                () -> {
                    for (int i = 0; i < 1500; i++) {
                        Files.deleteIfExists(folder.resolve("a%05d.tmp".formatted(i)));
                    }
                });
        for (int i = 0; i < 1500; i++) {
            Files.createFile(folder.resolve("a%05d.tmp".formatted(i)));
        }
    }

    /// Target and the guard's own folder on one file system without room.
    private static void fullDisk(DrillGround ground) throws Exception {
        Path disk = ground.fresh("disk");
        ground.mount(disk, "-t", "tmpfs", "-o", "size=64k,nr_inodes=8", "none");
        ground.target(Files.createDirectory(disk.resolve("target")));
        ground.state(Files.createDirectory(disk.resolve("state")));
        Files.write(ground.target().resolve("ibdata1"), new byte[48 * 1024]);
        for (int i = 0; i < 4; i++) {
            Files.createFile(disk.resolve("f" + i));
        }
    }

    /// Rows that stand in no log.
    private static void writtenUnlogged(DrillGround ground) throws Exception {
        try (var session = ground.liveServer().connect();
                var statement = session.createStatement()) {
            statement.execute("RESET MASTER");
            statement.execute("SET sql_log_bin = 0");
            statement.execute("INSERT INTO shop.orders VALUES (71)");
        }
    }

    private static void crashed(DrillGround ground) throws Exception {
        LabServer server = ground.liveServer();
        try (var session = server.connect();
                var statement = session.createStatement()) {
            statement.execute("XA START 'drill'");
            statement.execute("INSERT INTO shop.orders VALUES (77)");
            statement.execute("XA END 'drill'");
            statement.execute("XA PREPARE 'drill'");
        }
        server.kill();
        ground.later(ground.servers()::discard);
    }

    private static void deletedUnder(DrillGround ground) throws IOException {
        ground.liveServer();
        ground.later(ground.servers()::discard);
        try (Stream<Path> files = Files.walk(ground.target())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
