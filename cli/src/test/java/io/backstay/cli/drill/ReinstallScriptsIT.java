package io.backstay.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each shipped script calls a live host idle because of its one bug, and would not without it.
class ReinstallScriptsIT {
    private static final String SCRIPTS = "/io/backstay/cli/drill/reinstall-idle-hosts/";
    private static final Accounts ACCOUNTS = Accounts.random();
    private static Path folder;
    private static RunFile runFile;
    private static LabServer live;
    private static Path client;

    @BeforeAll
    static void start() throws Exception {
        folder = Files.createTempDirectory("scripts").toRealPath();
        runFile = RunFile.open(folder.resolve("run.json"));
        live =
                new LabServer(
                                ServerSettings.of(
                                        ServerBinaries.require("10.11.5", ServerBinaries.home()),
                                        Disk.folder(folder.resolve("live/data")),
                                        Disk.folder(folder.resolve("live/run")),
                                        "127.33.9.1",
                                        901,
                                        ACCOUNTS),
                                runFile)
                        .initialise()
                        .start();
        try (var connection = live.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE shop");
            statement.execute("CREATE TABLE shop.orders (id INT PRIMARY KEY) ENGINE=InnoDB");
            statement.execute("INSERT INTO shop.orders VALUES (1), (2)");
            statement.execute("CREATE USER monitor@'127.%' IDENTIFIED BY 'only-looking'");
        }
        client = ScriptClient.prepare(live.settings().binaries(), folder.resolve("client"));
        Disk.folder(folder.resolve("spare/data"));
        Disk.writeAtomically(folder.resolve("monitor.cnf"), "[client]\npassword=only-looking\n");
    }

    @AfterAll
    static void stop() {
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    pipe           ; set -eu                ; set -euo pipefail
                    prefix         ; *" $port"*             ; *" $port "*
                    process-name   ; pgrep -x mysqld        ; pgrep -x 'mysqld|mariadbd'
                    timeout        ; KILL 1                 ; KILL 9
                    privilege      ; --user="$MONITOR_USER" ; --user=root --password="$ROOT"
                    empty-variable ; $DATADIR               ; $DATA_DIR
                    or-zero        ; || echo 0              ; || echo 1
                    """)
    void liveHostIsCalledIdleOnlyBecauseOfTheBug(String bug, String wrong, String right)
            throws Exception {
        String text = text("check-active-" + bug + ".sh");
        assertThat(run(text, "live", "127.33.9.1")).as("with its bug").isZero();
        assertThat(run(text, "spare", "127.33.9.2")).as("on an empty host").isZero();

        String mended = text.replace(wrong, right);
        assertThat(mended).isNotEqualTo(text);
        assertThat(run(mended, "live", "127.33.9.1"))
                .as("without its bug")
                .isEqualTo(expected(bug));
    }

    /// `set -e` ends a script with the code of what failed.
    private static int expected(String bug) {
        return bug.equals("pipe") ? 7 : 1;
    }

    @Test
    void reinstallEmptiesTheFolderAndNothingElse() throws Exception {
        Path target = Files.createDirectories(folder.resolve("reinstall/a b"));
        Files.writeString(Files.createDirectories(target.resolve("deep/er")).resolve("f"), "x");
        Path outside = Files.writeString(folder.resolve("reinstall/outside"), "x");
        Files.createSymbolicLink(target.resolve("link"), outside);
        Path script = write(text("reinstall.sh"));

        int exit = new ProcessBuilder(script.toString(), target.toString()).start().waitFor();

        assertThat(exit).isZero();
        assertThat(target.toFile().list()).containsExactly("fresh-install");
        assertThat(outside).hasContent("x");
    }

    @Test
    void reinstallRefusesALinkAndARootFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("spare"));
        Path script = write(text("reinstall.sh"));
        for (String target : new String[] {link.toString(), "/tmp", "tmp/x", ""}) {
            assertThat(new ProcessBuilder(script.toString(), target).start().waitFor())
                    .as(target)
                    .isEqualTo(2);
        }
    }

    private static String text(String name) throws IOException {
        try (var stream = ReinstallScriptsIT.class.getResourceAsStream(SCRIPTS + name)) {
            assertThat(stream).as(name).isNotNull();
            return new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static Path write(String text) throws IOException {
        Path script = Files.createTempFile(folder, "script", ".sh");
        Files.writeString(script, text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static int run(String text, String host, String address) throws Exception {
        var builder = new ProcessBuilder(write(text).toString());
        builder.environment()
                .putAll(
                        Map.of(
                                "HOST", host,
                                "DATA_DIR", folder.resolve(host + "/data").toString(),
                                "ADDRESS", address,
                                "PORT", "3306",
                                "SOCKET", folder.resolve(host + "/run/mariadbd.sock").toString(),
                                "MYSQL", client.toString(),
                                "MONITOR_USER", "monitor",
                                "OPTION_FILE", folder.resolve("monitor.cnf").toString(),
                                "ROOT", ACCOUNTS.rootPassword()));
        Process process =
                builder.redirectErrorStream(true)
                        .redirectOutput(folder.resolve("script.log").toFile())
                        .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the script ends").isTrue();
        return process.exitValue();
    }
}
