package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Commands;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabServerIT {
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Lab lab = new Lab(1);

    @AfterEach
    void sweep() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {Lab.OLD, Lab.NEW})
    void startsAnswersInItsOwnSessionAndStopsCleanly(String version) throws Exception {
        LabServer server = lab.started(version, 1);
        ProcessIdentity process = server.identity();

        assertThat(ask(server, "select version()")).startsWith(version);
        assertThat(ask(server, "select @@log_bin, @@gtid_strict_mode, @@binlog_format"))
                .isEqualTo("1 1 ROW");
        assertThat(sessionOf(process)).isEqualTo(process.pid());
        assertThat(lab.runFile.live())
                .extracting(RunFile.Entry::pid)
                .containsExactly(process.pid());

        assertThat(server.stop(STOP)).isTrue();
        assertThat(process.isAlive()).isFalse();
        assertThat(lab.runFile.live()).isEmpty();
        assertThat(Files.readString(server.settings().log())).contains("Shutdown complete");
    }

    @Test
    void accountsHoldAfterAKillAndARestart() throws Exception {
        LabServer server = lab.started(Lab.OLD, 1);
        server.kill();
        assertThat(lab.runFile.live()).isEmpty();
        server.start();

        try (Connection app = server.connectAs(Accounts.APP);
                Connection repl = server.connectAs(Accounts.REPL)) {
            assertThat(app.isValid(5)).isTrue();
            assertThat(repl.isValid(5)).isTrue();
        }
        assertThatThrownBy(
                        () ->
                                Sessions.open(
                                        server.settings().address(),
                                        server.settings().port(),
                                        Accounts.ROOT,
                                        ""))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("Access denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {Lab.OLD, Lab.NEW})
    void theCommandLineClientEntersThroughTheSocketAsRoot(String version) {
        LabServer server = lab.started(version, 1);
        Commands.Result result =
                Commands.run(
                        List.of(
                                ServerBinaries.requireClient(ServerBinaries.home()).toString(),
                                "--no-defaults",
                                "--skip-ssl",
                                "--socket=" + server.settings().socket(),
                                "--user=root",
                                "--batch",
                                "--skip-column-names",
                                "--execute=select current_user()"),
                        null,
                        STOP);

        assertThat(result).isEqualTo(new Commands.Result(0, "root@localhost\n", "", false));
    }

    @Test
    void noPasswordIsInTheProcessListOrTheLog() throws Exception {
        LabServer server = lab.started(Lab.OLD, 1);
        String seen =
                Files.readString(Path.of("/proc/" + server.identity().pid() + "/cmdline"))
                        + Files.readString(server.settings().log())
                        + Files.readString(server.settings().runDir().resolve("bootstrap.log"));

        assertThat(seen)
                .doesNotContain(
                        lab.accounts.rootPassword(),
                        lab.accounts.appPassword(),
                        lab.accounts.replPassword());
    }

    @Test
    void anOlderServerIsRefusedOnADirectoryThatANewerOneOpened() {
        LabServer newer = lab.started(Lab.NEW, 1);
        newer.stop(STOP);
        Path dataDir = newer.settings().dataDir();
        LabServer older =
                new LabServer(
                        newer.settings().withBinaries(lab.settings(Lab.OLD, 1).binaries()),
                        lab.runFile);

        assertThatThrownBy(older::start)
                .isInstanceOf(Problem.class)
                .hasMessage(
                        """
                        refused to start MariaDB 10.11.5 on %s: it was opened by MariaDB 11.4.5, and an older server would damage it
                        HINT: Start MariaDB 11.4.5 or newer on it, or restore into an empty directory."""
                                .formatted(dataDir));
        assertThat(LabServer.versionOfDataDir(dataDir)).contains(ServerVersion.parse(Lab.NEW));
        assertThat(lab.runFile.live()).isEmpty();
    }

    @Test
    void aDirectoryOfUnknownVersionIsRefused() throws Exception {
        LabServer server = new LabServer(lab.settings(Lab.OLD, 1), lab.runFile).initialise();
        Files.delete(server.settings().dataDir().resolve("backstay-opened-by"));

        assertThatThrownBy(server::start)
                .isInstanceOfSatisfying(
                        Problem.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED))
                .hasMessageContaining("found none");
    }

    @Test
    void aFailedStartShowsTheEndOfTheServersLog() {
        LabServer server =
                new LabServer(
                        lab.settings(Lab.OLD, 1).withOptions("--no-such-option"), lab.runFile);
        server.initialise();

        assertThatThrownBy(server::start)
                .isInstanceOf(Problem.class)
                .hasMessageContaining("it ended by itself")
                .hasMessageContaining("unknown option '--no-such-option'");
        assertThat(lab.runFile.live()).isEmpty();
    }

    @Test
    void aTakenAddressIsNamed() {
        LabServer first = lab.started(Lab.OLD, 1);
        ServerSettings same =
                lab.settings(Lab.OLD, 1).withDataDir(lab.folder.resolve("host2/data"));
        LabServer second = new LabServer(same, lab.runFile).initialise();

        assertThatThrownBy(second::start)
                .isInstanceOf(Problem.class)
                .hasMessageContaining("cannot start a server at 127.31.1.1:3306");
        assertThat(first.isRunning()).isTrue();
    }

    @Test
    void aServerThatHangsIsKilledAtTheDeadline() {
        LabServer server = lab.started(Lab.OLD, 1);
        ProcessIdentity process = server.identity();
        assertThat(process.signal(ProcessIdentity.Signal.STOP)).isTrue();

        assertThat(server.stop(Duration.ofMillis(300))).isFalse();
        assertThat(process.isAlive()).isFalse();
        assertThat(lab.runFile.live()).isEmpty();
    }

    @Test
    void aRunningServerIsAdopted() {
        LabServer server = lab.started(Lab.OLD, 1);
        LabServer adopted = LabServer.adopt(server.settings(), lab.runFile).orElseThrow();

        assertThat(adopted.identity()).isEqualTo(server.identity());
        assertThat(adopted.stop(STOP)).isTrue();
        assertThat(LabServer.adopt(server.settings(), lab.runFile)).isEmpty();
    }

    private static String ask(LabServer server, String query) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            StringBuilder text = new StringBuilder(row.getString(1));
            for (int i = 2; i <= row.getMetaData().getColumnCount(); i++) {
                text.append(' ').append(row.getString(i));
            }
            return text.toString();
        }
    }

    private static long sessionOf(ProcessIdentity process) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
    }
}
