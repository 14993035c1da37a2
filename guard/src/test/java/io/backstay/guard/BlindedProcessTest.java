package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The guard over an empty folder in a process that was started without one of the things that it
/// sees by: refused, with nothing but blind findings beside what is still seen. With all of them
/// the folder is cleared. Runs as root.
class BlindedProcessTest {
    private Path folder;
    private Path data;

    /// @param before runs the guard's process; `SH` in it is a script that ends in `exec "$@"`
    /// @param blind probes that must be blind; empty where every one must be
    record Loss(String what, List<String> before, List<String> blind, List<String> more) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Loss capabilities(String which, String... blind) {
        return new Loss(
                "without " + which,
                List.of("setpriv", "--bounding-set=" + which, "--inh-caps=" + which),
                List.of(blind),
                List.of());
    }

    private static Loss hidden(String what, String script, String... blind) {
        return new Loss(
                what,
                List.of("unshare", "-m", "sh", "-c", script + " && exec \"$@\"", "sh"),
                List.of(blind),
                List.of());
    }

    static Stream<Loss> losses() {
        return Stream.of(
                capabilities("-all", "open-files", "processes", "sockets", "mounts"),
                capabilities("-sys_ptrace", "open-files", "processes", "sockets", "mounts"),
                capabilities("-sys_admin", "mounts", "sockets"),
                new Loss(
                        "in another PID namespace",
                        List.of("unshare", "--pid", "--fork", "--mount-proc"),
                        List.of("open-files", "processes", "sockets", "mounts"),
                        List.of()),
                hidden(
                        "swap areas covered",
                        "echo Filename > \"$STATE/f\" && mount --bind \"$STATE/f\" /proc/swaps"),
                hidden("disks covered", "mount -t tmpfs none /sys/block", "kernel-users"),
                hidden("one process covered", "mount -t tmpfs none /proc/2"),
                hidden("no shell", "mount --bind /dev/null \"$(readlink -f /bin/sh)\""),
                new Loss("no time", List.of(), List.of(), List.of("0")));
    }

    @BeforeEach
    void folders() throws IOException {
        folder = Files.createTempDirectory("blinded").toRealPath();
        Files.createDirectory(folder.resolve("state"));
        data = Files.createDirectory(folder.resolve("data"));
    }

    @AfterEach
    void close() {
        Disk.deleteTree(folder);
    }

    private List<String> look(List<String> before, List<String> more) throws Exception {
        var command = new ArrayList<>(before);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildLook.class.getName(),
                        data.toString(),
                        folder.resolve("state").toString()));
        command.addAll(more);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("STATE", folder.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void withoutOneSensorItIsBlindNeverClear(Loss loss) throws Exception {
        List<String> said = look(loss.before(), loss.more());
        assertThat(said).last().isEqualTo("REFUSED");
        assertThat(said).noneMatch(line -> line.startsWith("live"));
        List<String> blind =
                said.stream()
                        .filter(line -> line.startsWith("blind "))
                        .map(l -> l.split(" ")[1])
                        .toList();
        if (loss.blind().isEmpty()) {
            assertThat(blind).as(said.toString()).hasSize(said.size() - 1).hasSize(9);
        } else {
            assertThat(blind).as(said.toString()).containsAll(loss.blind());
        }
    }

    @Test
    void withAllOfThemItIsCleared() throws Exception {
        assertThat(look(List.of("unshare", "-m"), List.of())).last().isEqualTo("CLEARED");
    }
}
