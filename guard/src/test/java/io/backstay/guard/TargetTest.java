package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @TempDir Path folder;

    @Test
    void realFolderIsATarget() throws IOException {
        Path real = Files.createDirectory(folder.resolve("data")).toRealPath();
        assertThat(Target.parse("path:" + real)).isEqualTo(new Target.PathTarget(real));
        assertThat(Target.parse("path:" + real).text()).isEqualTo("path:" + real);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "path:",
                "path: ",
                "path:relative/x",
                "path:/",
                "path:/srv",
                "path:/usr/lib",
                "path:/srv/../etc/x",
                "path:/srv/./x",
                "path:/srv/*",
                "path:/srv/db?",
                "path:/srv/{a,b}",
                "path:~/x",
                "path:/srv/$HOME",
                "path:/srv/a\nb",
                "device:",
                "device:sdb",
                "device:/etc/passwd",
                "device:/dev/null",
                "device:/dev/no-such-disk",
                "device:/dev/stdin",
                "device:/dev/sd*",
                "device:/dev/../dev/loop0",
                "device:/dev/",
                "hosts",
                "/srv/mysql"
            })
    void whatCouldMeanMoreThanWasMeantIsRefused(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOfSatisfying(
                        Problem.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
    }

    @Test
    void linkAtAnyPlaceIsRefused() throws IOException {
        Path real = Files.createDirectories(folder.resolve("real/data")).toRealPath();
        Path link = Files.createSymbolicLink(folder.resolve("link"), real.getParent());
        for (Path path : new Path[] {link, link.resolve("data")}) {
            assertThatThrownBy(() -> Target.parse("path:" + path))
                    .hasMessageContaining(link + " is a symbolic link");
        }
    }

    @Test
    void fileIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("f"));
        assertThatThrownBy(() -> Target.parse("path:" + file))
                .hasMessage(
                        """
                        target 'path:%s' cannot be used: %s is not a folder
                        HINT: name one real folder by its full path, as in `--target path:/srv/mysql/data`."""
                                .formatted(file, file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    path:                     | the folder's name is empty
                    path:relative/x           | the folder is not absolute
                    path:/                    | that is a folder of the machine itself
                    path:/srv                 | that is a folder of the machine itself
                    path:/usr/lib             | that is a folder of the machine itself
                    path:/srv/../etc/x        | the folder's name holds '..'
                    path:/srv/*               | patterns are never expanded
                    device:/dev/../dev/null   | expected one device
                    device:/dev/./null        | expected one device
                    device:/dev/sd*           | expected one device
                    device:/dev/stdin         | /dev/stdin is a symbolic link
                    device:/dev/null          | /dev/null is not a block device
                    device:/dev/no-such-disk  | /dev/no-such-disk is not there
                    hosts                     | expected path:/absolute/folder, device:/dev/NAME or host
                    """)
    void refusalSaysWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> Target.parse(text)).hasMessageContaining(why);
    }

    @Test
    void controlCharactersAreNamedAndABlankIsNone() {
        assertThatThrownBy(() -> Target.parse("path:/srv/a\u007fb"))
                .hasMessageContaining("control characters");
        assertThatThrownBy(() -> Target.parse("path:/srv/a\u001fb"))
                .hasMessageContaining("control characters");
        assertThat(Target.parse("path:/srv/a b").text()).isEqualTo("path:/srv/a b");
    }

    /// The guard then cannot look, and says so.
    @Test
    void whatIsNotThereIsATarget() throws IOException {
        Path file = Files.createFile(folder.toRealPath().resolve("f"));
        assertThat(Target.parse("path:/srv/not-there").text()).isEqualTo("path:/srv/not-there");
        assertThat(Target.parse("path:" + file + "/below").text())
                .isEqualTo("path:" + file + "/below");
    }

    @Test
    void hostIsATarget() {
        assertThat(Target.parse("host")).isEqualTo(new Target.HostTarget());
        assertThat(Target.parse("host").text()).isEqualTo("host");
    }

    @Test
    void blockDeviceIsATarget() throws IOException {
        try (var disks = Files.list(Path.of("/sys/block"))) {
            List<String> nodes =
                    disks.map(disk -> "/dev/" + disk.getFileName())
                            .filter(node -> Files.exists(Path.of(node)))
                            .toList();
            Assumptions.assumeFalse(nodes.isEmpty(), "not run: no block device has a node here");
            for (String node : nodes) {
                assertThat(Target.parse("device:" + node)).isEqualTo(new Target.DeviceTarget(node));
                assertThat(Target.parse("device:" + node).text()).isEqualTo("device:" + node);
            }
        }
    }
}
