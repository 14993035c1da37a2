package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabServerTest {
    @TempDir Path folder;

    @Test
    void aSocketPathBeyondTheKernelsLimitIsAUsageProblem() {
        Path deep = folder.resolve("x".repeat(120));
        try (RunFile runFile = RunFile.open(folder.resolve("run.json"))) {
            ServerSettings settings =
                    ServerSettings.of(
                            new ServerBinaries(ServerVersion.parse("10.11.5"), folder),
                            folder.resolve("data"),
                            deep,
                            "127.31.3.1",
                            1,
                            Accounts.random());

            assertThatThrownBy(() -> new LabServer(settings, runFile))
                    .isInstanceOf(Problem.class)
                    .hasMessage(
                            """
                            socket path too long: expected at most 107 bytes, found %d: %s
                            HINT: Choose a folder with a shorter path."""
                                    .formatted(
                                            settings.socket().toString().length(),
                                            settings.socket()));
        }
    }

    @Test
    void theNewestOfAllThatTellsCounts() throws Exception {
        Files.writeString(folder.resolve("backstay-opened-by"), "10.11.5\n");
        Files.writeString(folder.resolve("mariadb_upgrade_info"), "11.4.5-MariaDB");

        assertThat(LabServer.versionOfDataDir(folder)).contains(new ServerVersion(11, 4, 5));
    }

    @Test
    void versionsAreOrderedByNumber() {
        assertThat(ServerVersion.parse("10.11.5-MariaDB-log"))
                .isLessThan(ServerVersion.parse("11.4.5"))
                .isGreaterThan(ServerVersion.parse("10.6.19"));
    }

    @Test
    void accountsPrintNoPassword() {
        Accounts accounts = Accounts.random();
        assertThat(accounts.toString()).doesNotContain(accounts.rootPassword());
    }
}
