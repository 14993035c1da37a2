package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
}
