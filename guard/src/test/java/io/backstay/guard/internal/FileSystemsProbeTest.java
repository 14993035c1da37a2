package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Commands;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One mounted file system in place of all of the host's. Runs as root.
class FileSystemsProbeTest {
    @TempDir Path folder;
    private final Deque<Path> mounted = new ArrayDeque<>();
    private Path point;

    @BeforeEach
    void mount() throws Exception {
        point = Files.createDirectory(folder.toRealPath().resolve("fs"));
        mount(point);
    }

    private void mount(Path at) {
        run("mount", "-t", "tmpfs", "none", at.toString());
        mounted.push(at);
    }

    @AfterEach
    void unmount() {
        mounted.forEach(at -> run("umount", at.toString()));
    }

    private static void run(String... command) {
        Commands.Result result = Commands.run(List.of(command), null, Duration.ofSeconds(60));
        assertThat(result.exit()).as("%s: %s", List.of(command), result.err()).isZero();
    }

    private List<String> life() throws CannotLookException {
        ProcessTable all = ProcessTable.read();
        var table =
                new ProcessTable(
                        all.processes(),
                        Map.of(),
                        Map.of(),
                        all.ownMounts(),
                        List.of(),
                        all.ownNetwork(),
                        List.of(),
                        all.excused());
        List<Mount> own =
                all.ownMounts().stream()
                        .filter(mount -> mount.point().equals(point.toString()))
                        .toList();
        try (Decoys decoys =
                Decoys.plant(
                        folder,
                        Path.of("/"),
                        -1,
                        own.stream().map(mount -> Path.of(mount.point())).toList())) {
            var request =
                    new GuardRequest("wipe", Target.parse("host"), HostView.unconfigured(folder));
            return new FileSystemsProbe()
                    .life(new HostWorld(request, table, own, decoys, Long.MAX_VALUE));
        }
    }

    @Test
    void whatAMountCoversIsFound() throws IOException, CannotLookException {
        Path covered = Files.createDirectories(point.resolve("mysql"));
        assertThat(life()).isEmpty();
        Files.createFile(covered.resolve("ibdata1"));
        mount(covered);
        assertThat(covered).isEmptyDirectory();
        assertThat(life()).singleElement().asString().endsWith("/mysql/ibdata1");
    }

    @Test
    void theLowerOfTwoAtOnePlaceIsBlind() throws IOException {
        Files.createFile(point.resolve("ibdata1"));
        mount(point);
        assertThatThrownBy(this::life)
                .isInstanceOf(CannotLookException.class)
                .hasMessageContaining("is covered by another mount at the same place");
    }
}
