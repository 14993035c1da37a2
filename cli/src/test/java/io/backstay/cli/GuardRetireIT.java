package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.Replication;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A replica of a pair, retired for good, and everything that must keep that from happening. Every
/// refusal leaves it as it was, so all tests use the same pair. Runs as root: the guard does.
class GuardRetireIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Accounts ACCOUNTS = Accounts.random();
    private static Path folder;
    private static RunFile runFile;
    private static LabServer source;
    private static LabServer replica;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Path state;
    private String peer;

    /// A short name: the guard's controls hold sockets, whose paths are limited.
    @BeforeAll
    static void pairWithAProvenBackup() throws Exception {
        folder = Files.createTempDirectory("gr").toRealPath();
        runFile = RunFile.open(folder.resolve("run.json"));
        Disk.writeAtomically(folder.resolve("password"), ACCOUNTS.rootPassword() + "\n");
        source = server(1).initialise().start();
        replica = server(2).initialise().start();
        sql(source, "CREATE DATABASE shop");
        sql(source, "CREATE TABLE shop.orders (id INT PRIMARY KEY, what VARCHAR(20))");
        sql(source, "INSERT INTO shop.orders VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        try (Connection session = replica.connect()) {
            Replication.follow(session, source.settings());
        }
        caughtUp();
        prove();
    }

    @AfterAll
    static void gone() {
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }

    @BeforeEach
    void fresh() throws IOException {
        state = Files.createTempDirectory(folder, "state");
        peer = "db1=" + url(1);
    }

    /// Whatever was tried, the replica is in service again.
    @AfterEach
    void replicaServes() throws Exception {
        assertThat(value("SELECT @@read_only")).isEqualTo("0");
        try (Connection session = socket()) {
            Replication.awaitRunning(session, SOON);
        }
    }

    private static LabServer server(int host) {
        return new LabServer(
                ServerSettings.of(
                                ServerBinaries.require("10.11.5", ServerBinaries.home()),
                                folder.resolve("h" + host + "/data"),
                                folder.resolve("h" + host + "/run"),
                                "127.33.9." + host,
                                900 + host,
                                ACCOUNTS)
                        .withDomainId(9),
                runFile);
    }

    private static String url(int host) {
        return "mysql://root@127.33.9.%d:3306?password-file=%s"
                .formatted(host, folder.resolve("password"));
    }

    private static void sql(LabServer server, String statement) throws SQLException {
        try (Connection session = server.connect();
                Statement run = session.createStatement()) {
            run.execute(statement);
        }
    }

    /// Also of a replica that was started anew by the undo.
    private static Connection socket() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mariadb://127.33.9.2:3306/?user=root&password=" + ACCOUNTS.rootPassword());
    }

    private static String value(String query) throws SQLException {
        try (Connection session = socket();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void caughtUp() throws SQLException {
        try (Connection from = source.connect();
                Connection to = socket()) {
            Replication.awaitApplied(to, Replication.binlogPosition(from), SOON);
        }
    }

    /// Base, log, and a restore into a third server, whose certificate goes into the archive.
    private static void prove() throws Exception {
        Path archive = folder.resolve("archive");
        if (!Files.exists(archive)) {
            assertThat(verb("backup", "--archive", archive.toString(), "--server", url(1)))
                    .isZero();
        }
        stream();
        LabServer third = server(3).initialise().start();
        assertThat(verb("key", "new", "it", "--dir", folder.resolve("keys").toString())).isZero();
        assertThat(
                        verb(
                                "restore",
                                "--archive",
                                archive.toString(),
                                "--to",
                                url(3),
                                "--no-accounts",
                                "--no-witness",
                                "--key",
                                folder.resolve("keys/it.key").toString()))
                .isZero();
        third.stop(SOON);
    }

    private static void stream() {
        assertThat(
                        verb(
                                "stream",
                                "--archive",
                                folder.resolve("archive").toString(),
                                "--server",
                                url(1),
                                "--until-now"))
                .isZero();
    }

    private static int verb(String... words) {
        return new CommandLineRun(Main.VERBS, System.out, System.err)
                .run(Stream.concat(Stream.of("--quiet"), Stream.of(words)).toArray(String[]::new));
    }

    private List<String> words(String... more) {
        var all =
                new ArrayList<>(
                        List.of(
                                "--output",
                                "json",
                                "guard",
                                "retire",
                                "--state",
                                state.toString(),
                                "--target",
                                "path:" + replica.settings().dataDir(),
                                "--server",
                                "mysql://%s?user=root".formatted(replica.settings().socket()),
                                "--cluster",
                                "shop",
                                "--peer",
                                peer,
                                "--keys",
                                folder.resolve("keys").toString(),
                                "--watch",
                                "PT1S"));
        all.addAll(List.of(more));
        return all;
    }

    private int retire(String... more) {
        var words = words(more);
        if (!words.contains("--certificate")) {
            words.addAll(List.of("--archive", folder.resolve("archive").toString()));
        }
        out.reset();
        return new CommandLineRun(List.of(GuardCommand.class), new PrintStream(out), System.err)
                .run(words.toArray(String[]::new));
    }

    private JsonNode said() {
        return JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
    }

    private void assertRefused(int exit, String why) {
        assertThat(exit).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(3);
        assertThat(said().path("reasons").toString()).contains(why);
        assertThat(said().path("says").asString()).contains("everything is as it was");
    }

    @Test
    void dryRunLooksAndChangesNothing() throws Exception {
        assertThat(retire("--dry-run")).as(out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(said().path("outcome").asString()).isEqualTo("would-retire");
        assertThat(Files.readString(state.resolve("ledger/guard.jsonl"))).isEmpty();
    }

    @Test
    void peerThatLacksATransactionRefuses() throws Exception {
        sql(replica, "STOP SLAVE");
        sql(replica, "INSERT INTO shop.orders VALUES (77, 'only here')");
        sql(replica, "START SLAVE");
        try {
            assertRefused(retire(), "db1 lacks transactions: it has ");
        } finally {
            forgetOwnTransactions();
        }
    }

    private static void forgetOwnTransactions() throws SQLException {
        try (Connection session = socket();
                Statement statement = session.createStatement()) {
            statement.execute("STOP SLAVE");
            statement.execute("SET sql_log_bin = 0");
            statement.execute("DELETE FROM shop.orders WHERE id = 77");
            statement.execute("RESET MASTER");
            statement.execute(
                    "SET GLOBAL gtid_binlog_state = '" + value("SELECT @@gtid_slave_pos") + "'");
            statement.execute("START SLAVE");
        }
    }

    @Test
    void clientThatIsStillConnectedRefuses() throws Exception {
        try (Connection session = socket()) {
            assertRefused(retire(), "clients are connected: root@");
            assertThat(session.isValid(5)).isTrue();
        }
    }

    /// A privileged one is not kept out by read_only.
    @Test
    void clientThatKeepsWritingRefuses() throws Exception {
        var ends = new AtomicBoolean();
        var writer =
                CompletableFuture.runAsync(
                        () -> {
                            try (Connection session = socket();
                                    Statement statement = session.createStatement()) {
                                statement.execute("SET sql_log_bin = 0");
                                while (!ends.get()) {
                                    statement.execute(
                                            "UPDATE shop.orders SET what = LEFT(UUID(), 20) WHERE id = 1");
                                }
                                statement.execute("UPDATE shop.orders SET what = 'a' WHERE id = 1");
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        int exit = retire();
        ends.set(true);
        writer.join();
        assertRefused(exit, "it was written to although it is fenced: ");
    }

    @Test
    void peerThatTakesNoWritesRefuses() throws Exception {
        sql(source, "SET GLOBAL read_only = 1");
        try {
            assertRefused(retire(), "db1 follows nobody and takes no writes");
        } finally {
            sql(source, "SET GLOBAL read_only = 0");
        }
    }

    @Test
    void peerThatIsTheServerItselfRefuses() {
        peer = "db1=" + url(2);
        assertRefused(retire(), "db1 is this very server");
    }

    @Test
    void absentUntrustedOrOlderCertificateRefuses() throws Exception {
        assertRefused(
                retire("--certificate", folder.resolve("none.json").toString()),
                "no backup was ever proven");
        assertRefused(retire("--certificate-age", "PT0.001S"), "is too old");
        sql(source, "INSERT INTO shop.orders VALUES (50, 'later')");
        caughtUp();
        assertRefused(retire(), "the proven backup ends at 9-901-");
        stream(); // the log behind the base is enough
        assertThat(retire("--dry-run")).isZero();
    }

    @Test
    void sourceIsNotRetired() throws Exception {
        sql(replica, "STOP SLAVE");
        sql(replica, "RESET SLAVE ALL");
        try {
            assertRefused(retire(), "it is a source that takes writes");
        } finally {
            try (Connection session = socket()) {
                Replication.follow(session, source.settings());
            }
        }
    }

    @Test
    void stoppedByStayItIsStartedAgainByUndo() throws Exception {
        // the guard's own last look refuses what is not the server's own
        Path foreign = replica.settings().dataDir().resolve("precious.txt");
        Files.writeString(foreign, "x");
        assertThat(retire("--stay")).isEqualTo(3);
        assertThat(said().path("says").asString()).contains("it stays as it is");
        assertThat(said().path("reasons").toString()).contains("precious.txt");
        assertThat(replica.isRunning()).isFalse();
        Files.delete(foreign);
        assertThat(retire("--undo")).as(out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(value("SELECT COUNT(*) FROM shop.orders")).isNotEqualTo("0");
        assertThat(retire("--undo")).isEqualTo(3);
    }

    /// Killed while fenced and again while stopped; the same command goes on, to the end.
    @Test
    void killedTwiceItGoesOnAndRetires() throws Exception {
        Path saved = folder.resolve("saved");
        killedAt("guard.retire.fenced");
        assertThat(value("SELECT @@read_only")).isEqualTo("1");
        killedAt("guard.retire.stopped");
        Path data = replica.settings().dataDir();
        copy(data, saved);
        assertThat(retire()).as(out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(said().path("outcome").asString()).isEqualTo("retired");
        assertThat(data).isEmptyDirectory();
        String chain = Files.readString(state.resolve("ledger/guard.jsonl"));
        assertThat(chain.indexOf("guard.exec.outcome")).isPositive();
        assertThat(chain.split("guard.retire.gone", -1)).hasSize(2);
        assertThat(retire("--undo")).isEqualTo(3);

        Files.delete(data);
        Files.move(saved, data);
        replica = server(2).start();
        sql(replica, "SET GLOBAL read_only = 0");
        try (Connection session = replica.connect()) {
            Replication.follow(session, source.settings());
        }
    }

    private void killedAt(String entry) throws Exception {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.backstay.cli.Main"));
        command.addAll(words("--archive", folder.resolve("archive").toString()));
        command.replaceAll(word -> word.equals("PT1S") ? "PT3S" : word);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        Path chain = state.resolve("ledger/guard.jsonl");
        while (!Files.exists(chain) || !Files.readString(chain).contains(entry)) {
            assertThat(process.isAlive()).as(Files.readString(folder.resolve("said"))).isTrue();
            Thread.onSpinWait();
        }
        process.destroyForcibly().onExit().join();
    }

    private static void copy(Path from, Path to) {
        assertThat(
                        Commands.run(
                                        List.of("cp", "-a", from.toString(), to.toString()),
                                        null,
                                        SOON)
                                .exit())
                .isZero();
    }
}
