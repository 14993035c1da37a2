package io.backstay.cli.faults;

import static io.backstay.cli.faults.GuardQuestions.refuses;
import static io.backstay.cli.faults.GuardQuestions.requireRefused;

import io.backstay.cli.faults.FaultDrill.Fooled;
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

    private static FaultDrill drill(
            String id, String fault, Situation situation, Question question) {
        return new FaultDrill(id, fault, Fooled.SAYS_IDLE, situation, question);
    }

    static List<FaultDrill> all() {
        return Stream.concat(ofRights().stream(), ofThings().stream()).toList();
    }

    private static List<FaultDrill> ofRights() {
        return List.of(
                drill(
                        "D-50",
                        "permission denied read as nothing",
                        DrillGround::liveServer,
                        asked("setpriv", "--bounding-set=-all", "--inh-caps=-all")),
                drill(
                        "D-51",
                        "looked at from a container",
                        DrillGround::liveServer,
                        asked("unshare", "--pid", "--fork", "--mount-proc", "--net")),
                drill("D-52", "the process has another name", DrillGround::liveServer, REFUSES),
                drill("D-53", "the socket file is gone", SensorFaults::withoutSocket, REFUSES),
                drill("D-54", "a server that hangs", DrillGround::freezeServer, REFUSES),
                drill("D-58", "an account without rights", DrillGround::liveServer, REFUSES),
                drill(
                        "D-61",
                        "the tool that looks is missing",
                        DrillGround::liveServer,
                        asked("env", "PATH=/nonexistent")),
                drill(
                        "D-62",
                        "the monitoring is dead",
                        ground -> {
                            Files.writeString(ground.work("monitor"), "sessions=0\n");
                            ground.liveServer();
                        },
                        REFUSES),
                drill("D-71", "no GTID, nothing unique", SensorFaults::writtenUnlogged, REFUSES));
    }

    private static List<FaultDrill> ofThings() {
        return List.of(
                drill(
                        "D-59",
                        "a list that was cut",
                        SensorFaults::manyFiles,
                        refuses("live data-at-rest")),
                drill("D-60", "a full disk", SensorFaults::fullDisk, refuses("blind target")),
                drill(
                        "D-56",
                        "another file system over the data",
                        ground -> {
                            ground.stopServer();
                            ground.mount(ground.target(), "-t", "tmpfs", "none");
                        },
                        refuses("live data-at-rest")),
                drill(
                        "D-77",
                        "crashed with a prepared transaction",
                        SensorFaults::crashed,
                        refuses("live data-at-rest")),
                drill(
                        "D-57",
                        "files deleted under the server",
                        SensorFaults::deletedUnder,
                        refuses("live open-files", "live processes")));
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
        for (int i = 0; i < 1500; i++) {
            Files.createFile(ground.target().resolve("a%05d.tmp".formatted(i)));
        }
        Files.writeString(ground.target().resolve("ibdata1"), "x");
    }

    /// Target and the guard's own folder on one file system without room.
    private static void fullDisk(DrillGround ground) throws Exception {
        Path disk = ground.fresh("disk");
        ground.mount(disk, "-t", "tmpfs", "-o", "size=64k,nr_inodes=8", "none");
        ground.target(Files.createDirectory(disk.resolve("target")));
        ground.state(Files.createDirectory(disk.resolve("state")));
        Files.write(disk.resolve("filler"), new byte[48 * 1024]);
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
        ground.later(ground::discardServer);
    }

    private static void deletedUnder(DrillGround ground) throws IOException {
        ground.liveServer();
        ground.later(ground::discardServer);
        try (Stream<Path> files = Files.walk(ground.target())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
