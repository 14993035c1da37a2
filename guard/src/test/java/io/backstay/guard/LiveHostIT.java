package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.ProcessIdentity;
import io.backstay.lab.LabServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Hosts with a real MariaDB in every state that has fooled a script.
class LiveHostIT {
    private GuardLab lab;

    @BeforeEach
    void open() {
        lab = new GuardLab(1);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /// Probes that refused, with what they are.
    static Set<String> refusing(GuardAnswer answer) {
        return switch (answer.verdict()) {
            case Verdict.Cleared _ -> Set.of();
            case Verdict.Refused(List<Finding> reasons) ->
                    reasons.stream()
                            .map(
                                    reason ->
                                            (reason instanceof Finding.Live ? "live " : "blind ")
                                                    + reason.probe())
                            .collect(java.util.stream.Collectors.toSet());
        };
    }

    private static final Set<String> ALL_OF_A_LIVE_SERVER =
            Set.of(
                    "live lock",
                    "live open-count",
                    "live open-files",
                    "live processes",
                    "live sockets",
                    "live data-at-rest");

    @Test
    void liveServerIsRefusedForSixReasonsAndTheSpareBesideItIsCleared() {
        lab.started(1);
        assertThat(refusing(lab.wipe(1))).isEqualTo(ALL_OF_A_LIVE_SERVER);
        for (int i = 0; i < 20; i++) {
            assertThat(lab.wipe(2).reasons()).isEmpty();
        }
    }

    @Test
    void stoppedBySignalIsAsLive() {
        LabServer server = lab.started(1);
        server.identity().signal(ProcessIdentity.Signal.STOP);
        try {
            assertThat(refusing(lab.wipe(1))).isEqualTo(ALL_OF_A_LIVE_SERVER);
        } finally {
            server.identity().signal(ProcessIdentity.Signal.CONTINUE);
        }
    }

    @Test
    void dataDeletedUnderARunningServerIsLive() throws IOException {
        lab.started(1);
        try (Stream<Path> files = Files.walk(lab.data(1))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.deleteIfExists(file);
            }
        }
        GuardAnswer answer = lab.wipe(1);
        assertThat(refusing(answer))
                .isEqualTo(Set.of("live open-files", "live processes", "live sockets"));
        assertThat(answer.reasons())
                .anySatisfy(
                        reason ->
                                assertThat(reason)
                                        .containsPattern("[1-9][0-9]* of them deleted: "));
    }

    @Test
    void wholeDataDirectoryReplacedUnderARunningServerIsLive() throws IOException {
        lab.started(1);
        io.backstay.doors.Disk.deleteTree(lab.data(1));
        assertThat(refusing(lab.wipe(1)))
                .isEqualTo(Set.of("live open-files", "live processes", "live sockets"));
    }

    @Test
    void serverInOtherNamespacesBehindABindMountIsLive() throws IOException {
        Path socket = bindMountedServer();
        GuardAnswer answer = lab.wipe(1);
        assertThat(refusing(answer))
                .containsExactlyInAnyOrder(
                        "live lock",
                        "live open-count",
                        "live open-files",
                        "live processes",
                        "live sockets",
                        "live mounts",
                        "live data-at-rest");
        assertThat(socket).exists();
    }

    @Test
    void filesDeletedBehindABindMountInAnotherNamespaceAreLive() throws IOException {
        bindMountedServer();
        try (Stream<Path> files = Files.walk(lab.data(1))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.deleteIfExists(file);
            }
        }
        assertThat(lab.wipe(1).reasons())
                .anySatisfy(
                        reason ->
                                assertThat(reason)
                                        .startsWith("live   open-files")
                                        .containsPattern(" [1-9][0-9]* of them deleted: "));
    }

    /// A server in mount, network and PID namespaces of its own that knows its data directory by
    /// another path.
    private Path bindMountedServer() throws IOException {
        lab.server(1).initialise();
        Path seen = Files.createDirectories(lab.folder.resolve("container/mysql"));
        Path socket = lab.folder.resolve("container/s.sock");
        lab.start(
                new ProcessBuilder(
                                "unshare",
                                "--mount",
                                "--net",
                                "--pid",
                                "--fork",
                                "--kill-child",
                                "sh",
                                "-c",
                                "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"",
                                "sh",
                                lab.data(1).toString(),
                                seen.toString(),
                                lab.binaries().mariadbd().toString(),
                                "--no-defaults",
                                "--user=root",
                                "--basedir=" + lab.binaries().folder(),
                                "--lc-messages-dir=" + lab.binaries().share(),
                                "--datadir=" + seen,
                                "--socket=" + socket,
                                "--pid-file=" + lab.folder.resolve("container/pid"),
                                "--innodb-data-file-path=ibdata1:4M:autoextend",
                                "--innodb-log-file-size=16M",
                                "--innodb-buffer-pool-size=32M")
                        .redirectErrorStream(true)
                        .redirectOutput(lab.folder.resolve("container.log").toFile()));
        GuardLab.await("the contained server listens", () -> Files.exists(socket));
        return socket;
    }

    @Test
    void stoppedServerIsDataAtRest() {
        lab.started(1).stop(Duration.ofSeconds(30));
        assertThat(refusing(lab.wipe(1))).isEqualTo(Set.of("live data-at-rest"));
    }

    @Test
    void setAsideFolderOfAHostWhoseServerLivesElsewhereIsNotHeldAgainstIt() throws IOException {
        lab.started(1);
        Path aside = Files.createDirectories(lab.folder.resolve("host1/data.old/empty"));
        assertThat(lab.wipe(aside.getParent(), lab.view(1)).reasons()).isEmpty();
    }

    @Test
    void startingServerIsLiveBeforeItHasOpenedAnything() throws IOException {
        Process process =
                lab.start(
                        new ProcessBuilder(
                                "sh", "-c", "read _", "mariadbd", "--datadir=" + lab.data(1)));
        assertThat(refusing(lab.wipe(1))).isEqualTo(Set.of("live processes"));
        process.destroyForcibly().onExit().join();
        assertThat(lab.wipe(1).reasons()).isEmpty();
    }

    @Test
    void listenerOnTheHostsAddressThatBelongsNowhereIsLive() throws IOException {
        try (var socket = new java.net.ServerSocket()) {
            socket.bind(
                    new java.net.InetSocketAddress(
                            java.net.InetAddress.getByName(lab.address(1)), 3306));
            assertThat(refusing(lab.wipe(1))).isEqualTo(Set.of("live sockets"));
        }
        assertThat(lab.wipe(1).reasons()).isEmpty();
    }

    private HostView withServer(int host) {
        return lab.view(host)
                .withServer(
                        io.backstay.mysql.ServerAddress.socket(
                                "root", lab.settings(host).socket()));
    }

    @Test
    void liveServersOwnWordIsHeard() throws Exception {
        LabServer server = lab.started(1);
        try (var session = server.connect();
                var statement = session.createStatement()) {
            statement.execute("CREATE DATABASE shop");
            statement.execute("CREATE TABLE shop.t (id INT PRIMARY KEY)");
            assertThat(lab.wipe(lab.data(1), withServer(1)).reasons())
                    .anySatisfy(
                            reason ->
                                    assertThat(reason)
                                            .startsWith("live   testimony")
                                            .contains("says: data directory " + lab.data(1))
                                            .contains("1 user tables, 1 sessions"));
        }
    }

    @Test
    void serverThatHangsIsBlindAndStillLiveToTheKernel() {
        LabServer server = lab.started(1);
        server.identity().signal(ProcessIdentity.Signal.STOP);
        try {
            assertThat(refusing(lab.wipe(lab.data(1), withServer(1))))
                    .contains("blind testimony", "live lock");
        } finally {
            server.identity().signal(ProcessIdentity.Signal.CONTINUE);
        }
    }

    @Test
    void hostWithoutAServerAtItsSocketIsCleared() {
        assertThat(lab.wipe(lab.data(1), withServer(1)).reasons()).isEmpty();
    }

    @Test
    void serverWithItsDataElsewhereIsNoUserOfThisFolder() throws IOException {
        lab.started(1);
        Path aside = Files.createDirectories(lab.folder.resolve("host1/data.old"));
        assertThat(lab.wipe(aside, withServer(1)).reasons()).isEmpty();
    }

    @Test
    void withoutPrivilegesTheGuardIsBlindAndNeverClear() throws Exception {
        String classPath = System.getProperty("java.class.path");
        Path target = lab.data(1);
        var builder =
                new ProcessBuilder(
                        "setpriv",
                        "--bounding-set=-all",
                        "--inh-caps=-all",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        Ask.class.getName(),
                        target.toString(),
                        lab.folder.resolve("state").toString());
        Process process =
                lab.start(
                        builder.redirectErrorStream(true)
                                .redirectOutput(lab.folder.resolve("ask.log").toFile()));
        assertThat(process.waitFor()).isZero();
        assertThat(Files.readString(lab.folder.resolve("ask.log")))
                .startsWith("REFUSED wipe")
                .contains("blind  open-files")
                .contains("blind  sockets")
                .contains("blind  mounts");
    }

    /// The guard, asked from a process of its own.
    static final class Ask {
        public static void main(String[] args) {
            System.out.println(
                    Guard.ofThisHost()
                            .check(
                                    new GuardRequest(
                                            "wipe",
                                            Target.parse("path:" + args[0]),
                                            HostView.unconfigured(Path.of(args[1]))))
                            .text());
        }
    }
}
