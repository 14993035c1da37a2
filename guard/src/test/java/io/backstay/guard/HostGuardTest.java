package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostGuardTest {
    @TempDir Path folder;

    private GuardAnswer check() throws IOException {
        Path target = Files.createDirectories(folder.resolve("host/data"));
        Path state = Files.createDirectories(folder.resolve("state"));
        return Guard.ofThisHost()
                .check(
                        new GuardRequest(
                                "wipe",
                                Target.parse("path:" + target),
                                HostView.unconfigured(state)));
    }

    @Test
    void nestedEmptyFoldersAreCleared() throws IOException {
        Files.createDirectories(folder.resolve("host/data/a/b/c"));
        for (int i = 0; i < 5; i++) {
            GuardAnswer answer = check();
            assertThat(answer.reasons()).isEmpty();
        }
    }
}
